import {
  databaseUnavailable,
  internalFailure,
  kindOf,
  loggable,
  unusableRequest,
} from '../../../lambda/database-access/failures';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

it.each(['08006', '57P01', '57P03', '25006', '53300', 'ECONNREFUSED', 'ECONNRESET', 'PROTOCOL_CONNECTION_LOST'])(
  'after %s another connection may work',
  (code) => {
    expect(kindOf(coded(code))).toBe('lost');
  },
);

it.each([
  'Connection terminated unexpectedly',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Timed-out waiting to acquire database connection',
])('after "%s" another connection may work', (message) => {
  expect(kindOf(new Error(message))).toBe('lost');
});

it.each(['40001', '40P01', 'ER_LOCK_DEADLOCK'])('after %s the same connection may work', (code) => {
  expect(kindOf(coded(code))).toBe('busy');
});

it.each([coded('23505'), coded('42601'), coded('28P01'), coded('57014'), new Error('anything else'), 'text'])(
  'nothing helps against %s',
  (error) => {
    expect(kindOf(error)).toBe('permanent');
  },
);

it('a caller gets a name and a sentence, and no stack', () => {
  for (const error of [databaseUnavailable(), internalFailure('id-1'), unusableRequest(['records: too many'])]) {
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
  }
  expect(internalFailure('id-1').message).toContain('id-1');
});

it('of many wrong fields the first five are named', () => {
  const { message } = unusableRequest(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(message).toContain('(a; b; c; d; e; and 2 more)');
});

it('what is logged of an error says neither statement nor value', () => {
  const error = Object.assign(coded('23505', 'duplicate key (card 4111)'), { detail: 'Key (id)=(secret)' });
  expect(loggable(error)).toEqual({ name: 'Error', code: '23505' });
  expect(loggable('secret')).toEqual({ name: 'string' });
});
