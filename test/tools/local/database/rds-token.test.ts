import { Signer } from '@aws-sdk/rds-signer';
import fc from 'fast-check';
import {
  parseToken,
  signatureOf,
  tokenError,
  type ExpectedConnection,
} from '../../../../tools/local/database/rds-token';
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
const expected: ExpectedConnection = { user: 'ann', port: 5432, now: new Date(signedAt.getTime() + 60_000) };
const errorOf = (text: string, changes: Partial<ExpectedConnection> = {}) => {
  const token = parseToken(text);
  return token === undefined ? 'no token' : tokenError(token, secretAccessKey, { ...expected, ...changes });
};

it('accepts a token of the SDK, with a session token too', async () => {
  const credentials = { accessKeyId: 'KEY', secretAccessKey, sessionToken: 'a+b/c==' };
  const signer = new Signer({ hostname: 'localhost', port: 5432, username: 'ann', region: 'eu-west-1', credentials });
  const text = await signer.getAuthToken();
  expect(errorOf(text, { now: new Date() })).toBeUndefined();
  expect(parseToken(text)).toMatchObject({ accessKeyId: 'KEY', sessionToken: 'a+b/c==', user: 'ann' });
});

/** Signs the query of a good token anew, with some of its parameters changed. */
function resigned(changes: Readonly<Record<string, string>>, host = 'localhost:5432'): string {
  const { signed } = parseToken(signToken(good))!;
  const query = signed.map(([name, value]): [string, string] => [name, changes[name] ?? value]);
  const [, date = '', region = '', service = ''] = new Map(query).get('X-Amz-Credential')!.split('/');
  const scope = { date, region, service };
  const content = { ...parseToken(signToken(good))!, host, scope, signed: query };
  const parameters = new URLSearchParams([...query, ['X-Amz-Signature', signatureOf(content, secretAccessKey)]]);
  return `${host}/?${parameters.toString()}`;
}

it('accepts a token that is signed anew as it was', () => {
  expect(errorOf(resigned({}))).toBeUndefined();
});

it.each([
  ['another service', resigned({ 'X-Amz-Credential': 'KEY/20261121/eu-west-1/s3/aws4_request' })],
  ['longer than 15 minutes', resigned({ 'X-Amz-Expires': '901' })],
  ['longer than 15 minutes', resigned({ 'X-Amz-Expires': '0' })],
  ['longer than 15 minutes', resigned({ 'X-Amz-Expires': 'x' })],
  ['another port', resigned({}, 'localhost')],
  ['no token', resigned({ Action: 'drop' })],
])('refuses a well-signed token: %s', (said, text) => {
  expect(errorOf(text)).toMatch(said);
});

it('a token is valid to the end of its last second', () => {
  const end = signedAt.getTime() + 900_000;
  expect(errorOf(signToken(good), { now: new Date(end) })).toBeUndefined();
  expect(errorOf(signToken(good), { now: new Date(end + 1) })).toMatch('expired');
});

it.each([
  ['another user', { user: 'bob' }, {}],
  ['another port', { port: 3306 }, {}],
  ['wrong', { secretAccessKey: 'other' }, {}],
  ['expired', {}, { now: new Date(signedAt.getTime() + 901_000) }],
  ['future', {}, { now: new Date(signedAt.getTime() - 301_000) }],
])('refuses a token: %s', (said, changes, others) => {
  expect(errorOf(signToken({ ...good, ...changes }), others)).toMatch(said);
});

it('refuses a token with an unknown access key', () => {
  expect(tokenError(parseToken(signToken(good))!, undefined, expected)).toMatch('unknown');
});

it('refuses a token with a longer validity', () => {
  expect(errorOf(signToken(good).replace('Expires=900', 'Expires=9000'))).toMatch('longer');
});

it('refuses a token with any character changed', () => {
  const text = signToken(good);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.constantFrom('a', '7', 'Z'), (index, other) => {
      fc.pre(text[index] !== other);
      expect(errorOf(text.slice(0, index) + other + text.slice(index + 1))).toBeDefined();
    }),
  );
});

it.each(['', 'secret', 'a b', 'localhost:5432/?Action=connect', 'localhost:5432/?Action=drop&X-Amz-Signature=1'])(
  '%j is not a token',
  (text) => {
    expect(parseToken(text)).toBeUndefined();
  },
);
