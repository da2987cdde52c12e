import {
  databaseUnavailable,
  internalFailure,
  isLoginRefused,
  isTemporary,
  isUnusableRequest,
  classifyError,
  loggableError,
  loginRefused,
  unusableRequest,
} from '../../../lambda/database-access/failures';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

it.each(['08006', '57P01', '57P03', '25006', '53300', 'ECONNREFUSED', 'ECONNRESET', 'PROTOCOL_CONNECTION_LOST'])(
  '%s means a lost connection',
  (code) => {
    expect(classifyError(coded(code))).toBe('connection-lost');
  },
);

it.each([
  'Connection terminated unexpectedly',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Timed-out waiting to acquire database connection',
])('"%s" means a lost connection', (message) => {
  expect(classifyError(new Error(message))).toBe('connection-lost');
});

it.each(['40001', '40P01', '55P03', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY'])(
  '%s means contention',
  (code) => {
    expect(classifyError(coded(code))).toBe('contention');
  },
);

it.each([
  coded('23505'),
  coded('42601'),
  coded('28P01'),
  coded('57014'),
  coded('ER_QUERY_TIMEOUT'),
  new Error('anything else'),
  'text',
])('%s is permanent', (error) => {
  expect(classifyError(error)).toBe('permanent');
});

it('takes a statement timeout for waits that add up where rows are locked, and no other permanent error', () => {
  expect(classifyError(coded('57014'), { locksRows: true })).toBe('contention');
  expect(classifyError(coded('42601'), { locksRows: true })).toBe('permanent');
});

it.each([
  coded('28P01'),
  coded('28000'),
  coded('ER_ACCESS_DENIED_ERROR'),
  coded(
    'XX000',
    'The IAM authentication failed for the role app_owner. Check the IAM token for this role and try again.',
  ),
  coded('XX000', 'This RDS proxy has no credentials for the role app_owner.'),
  coded('28000', 'PAM authentication failed for user "app_owner"'),
])('%s is a refused login', (error) => {
  expect(isLoginRefused(error)).toBe(true);
});

it.each([coded('42501'), coded('57P03'), new Error('x'), 'text'])('%s is no refused login', (error) => {
  expect(isLoginRefused(error)).toBe(false);
});

it('callers receive a name and a sentence without a stack', () => {
  for (const error of [databaseUnavailable(), internalFailure('id-1'), unusableRequest(['records: too many'])]) {
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
  }
  expect(internalFailure('id-1').message).toContain('id-1');
});

it('names the first five of many invalid fields', () => {
  const { message } = unusableRequest(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(message).toContain('(a; b; c; d; e; and 2 more)');
  expect(unusableRequest(['a', 'b', 'c', 'd', 'e', 'f']).message).toContain('(a; b; c; d; e; and 1 more)');
  expect(unusableRequest(['a', 'b', 'c', 'd', 'e']).message).toContain('(a; b; c; d; e)');
});

it('logs neither statements nor values of an error', () => {
  const error = Object.assign(coded('23505', 'duplicate key (card 4111)'), { detail: 'Key (id)=(secret)' });
  expect(loggableError(error)).toEqual({ name: 'Error', code: '23505' });
  expect(loggableError('secret')).toEqual({ name: 'string' });
});

it('tells the faults of callers, and what passes by itself, from everything else', () => {
  const errors = [
    unusableRequest(['x']),
    databaseUnavailable(),
    loginRefused('owner'),
    internalFailure('r'),
    coded('x'),
  ];
  expect(errors.map(isUnusableRequest)).toEqual([true, false, false, false, false]);
  expect(errors.map(isTemporary)).toEqual([false, true, true, false, false]);
});
