import {
  databaseUnavailable,
  internalFailure,
  classifyError,
  loggableError,
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

it.each(['40001', '40P01', 'ER_LOCK_DEADLOCK'])('%s means contention', (code) => {
  expect(classifyError(coded(code))).toBe('contention');
});

it.each([coded('23505'), coded('42601'), coded('28P01'), coded('57014'), new Error('anything else'), 'text'])(
  '%s is permanent',
  (error) => {
    expect(classifyError(error)).toBe('permanent');
  },
);

it('callers receive a name and a sentence without a stack', () => {
  for (const error of [databaseUnavailable(), internalFailure('id-1'), unusableRequest(['records: too many'])]) {
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
  }
  expect(internalFailure('id-1').message).toContain('id-1');
});

it('names the first five of many invalid fields', () => {
  const { message } = unusableRequest(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(message).toContain('(a; b; c; d; e; and 2 more)');
});

it('logs neither statements nor values of an error', () => {
  const error = Object.assign(coded('23505', 'duplicate key (card 4111)'), { detail: 'Key (id)=(secret)' });
  expect(loggableError(error)).toEqual({ name: 'Error', code: '23505' });
  expect(loggableError('secret')).toEqual({ name: 'string' });
});
