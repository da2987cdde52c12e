import { Signer } from '@aws-sdk/rds-signer';
import fc from 'fast-check';
import { readToken, refusalOf, type Expected } from '../../../../tools/local/database/rds-token';
import { signToken } from '../../../../scenarios/database-access/tokens';

const secretAccessKey = 'secret';
const signedAt = new Date('2026-11-21T08:00:00Z');
const good = {
  host: 'localhost',
  port: 5432,
  user: 'ann',
  accessKeyId: 'KEY',
  secretAccessKey,
  region: 'eu-west-1',
  signedAt,
};
const expected: Expected = { user: 'ann', port: 5432, now: new Date(signedAt.getTime() + 60_000) };
const refusal = (text: string, changes: Partial<Expected> = {}) => {
  const token = readToken(text);
  return token === undefined ? 'no token' : refusalOf(token, secretAccessKey, { ...expected, ...changes });
};

it("a token of the SDK's is taken, with a session token too", async () => {
  const credentials = { accessKeyId: 'KEY', secretAccessKey, sessionToken: 'a+b/c==' };
  const signer = new Signer({ hostname: 'localhost', port: 5432, username: 'ann', region: 'eu-west-1', credentials });
  const text = await signer.getAuthToken();
  expect(refusal(text, { now: new Date() })).toBeUndefined();
  expect(readToken(text)).toMatchObject({ accessKeyId: 'KEY', sessionToken: 'a+b/c==', user: 'ann' });
});

it.each([
  ['another user', { user: 'bob' }, {}],
  ['another port', { port: 3306 }, {}],
  ['wrong', { secretAccessKey: 'other' }, {}],
  ['expired', {}, { now: new Date(signedAt.getTime() + 901_000) }],
  ['future', {}, { now: new Date(signedAt.getTime() - 301_000) }],
])('a token is refused: %s', (said, changes, others) => {
  expect(refusal(signToken({ ...good, ...changes }), others)).toMatch(said);
});

it('a token whose key nobody knows is refused', () => {
  expect(refusalOf(readToken(signToken(good))!, undefined, expected)).toMatch('unknown');
});

it('a token that says it holds for longer is refused', () => {
  expect(refusal(signToken(good).replace('Expires=900', 'Expires=9000'))).toMatch('longer');
});

it('nothing of a token can be changed', () => {
  const text = signToken(good);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.constantFrom('a', '7', 'Z'), (index, other) => {
      fc.pre(text[index] !== other);
      expect(refusal(text.slice(0, index) + other + text.slice(index + 1))).toBeDefined();
    }),
  );
});

it.each(['', 'secret', 'a b', 'localhost:5432/?Action=connect', 'localhost:5432/?Action=drop&X-Amz-Signature=1'])(
  '%j is no token',
  (text) => {
    expect(readToken(text)).toBeUndefined();
  },
);
