import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import {
  ArtifactRefusedError,
  checkStatement,
  openEnvelope,
  sealStatement,
  signedDigest,
  statementOf,
  type Provenance,
} from '../../../lambda/gitops-pipeline/statement';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const provenance: fc.Arbitrary<Provenance> = fc.record({
  name: fc.constant('assembly.zip'),
  digest: hex(64),
  repository: fc.string(),
  commit: hex(40),
  runId: fc.string(),
  builder: fc.string(),
  build: fc.string(),
});

it('a statement of anything is sealed, opened and checked against the same facts', () => {
  fc.assert(
    fc.property(provenance, fc.uint8Array({ minLength: 1 }), (facts, signature) => {
      const statement = statementOf(facts);
      const opened = openEnvelope(sealStatement(statement, 'key', signature));
      expect(opened.statement).toBe(statement);
      expect(new Uint8Array(opened.signature)).toEqual(signature);
      checkStatement(opened.statement, facts);
    }),
  );
});

it.each(['digest', 'repository', 'commit', 'runId', 'builder'] as const)(
  'a statement with another %s is refused and the difference named',
  (field) => {
    fc.assert(
      fc.property(provenance, provenance, (facts, others) => {
        fc.pre(facts[field] !== others[field]);
        const check = (): void => checkStatement(statementOf({ ...facts, [field]: others[field] }), facts);
        expect(check).toThrow(ArtifactRefusedError);
        expect(check).toThrow(`${field} of the statement`);
      }),
    );
  },
);

it('what is signed is the encoding of DSSE, so that other tools verify it', () => {
  const statement = statementOf({
    name: 'a',
    digest: '0'.repeat(64),
    repository: 'r',
    commit: '1'.repeat(40),
    runId: 'x',
    builder: 'b',
    build: 'c',
  });
  const type = 'application/vnd.in-toto+json';
  const encoded = `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(statement)} ${statement}`;
  expect(signedDigest(statement)).toEqual(createHash('sha256').update(encoded).digest());
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signature = sign('sha256', Buffer.from(encoded), privateKey);
  expect(verify('sha256', Buffer.from(encoded), publicKey, signature)).toBe(true);
});

it('two statements that differ in any fact have different digests to sign', () => {
  fc.assert(
    fc.property(provenance, provenance, (one, other) => {
      fc.pre(statementOf(one) !== statementOf(other));
      expect(signedDigest(statementOf(one))).not.toEqual(signedDigest(statementOf(other)));
    }),
  );
});

it.each([
  ['no JSON', 'text'],
  ['another payload type', JSON.stringify({ payloadType: 'text/plain', payload: '', signatures: [] })],
  [
    'two signatures, of which one may be valid',
    JSON.stringify({
      payloadType: 'application/vnd.in-toto+json',
      payload: '',
      signatures: [
        { keyid: 'a', sig: '' },
        { keyid: 'b', sig: '' },
      ],
    }),
  ],
])('an envelope with %s is refused', (_, text) => {
  expect(() => openEnvelope(text)).toThrow(ArtifactRefusedError);
});

it('a statement with a field that is not known is refused', () => {
  const statement = JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: [], more: true });
  expect(() => checkStatement(statement, { digest: '', repository: '', commit: '', runId: '', builder: '' })).toThrow(
    'the statement is not of the expected form',
  );
});
