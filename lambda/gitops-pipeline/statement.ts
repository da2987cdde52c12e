import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { digestSchema } from './run';

/**
 * Envelope and statement of an artifact: which commit it was built from, by which project and build.
 * https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 * https://in-toto.io/Statement/v1, https://slsa.dev/provenance/v1
 */
const payloadType = 'application/vnd.in-toto+json';
const buildType = 'https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html';

const envelopeSchema = z.strictObject({
  payloadType: z.literal(payloadType),
  payload: z.string(),
  signatures: z.tuple([z.strictObject({ keyid: z.string(), sig: z.string() })]),
});

const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: digestSchema }) })]),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.literal(buildType),
      externalParameters: z.strictObject({ repository: z.string(), commit: z.string(), run: z.string() }),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.string() }),
      metadata: z.strictObject({ invocationId: z.string() }),
    }),
  }),
});

/** Facts that a statement states. */
export interface Provenance {
  readonly name: string;
  readonly digest: string;
  readonly repository: string;
  readonly commit: string;
  readonly runId: string;
  /** ARN of the build project. */
  readonly builder: string;
  /** ARN of the build. */
  readonly build: string;
}

/** The artifact is not what it must be: it is not deployed. */
export class ArtifactRefusedError extends Error {
  override readonly name = 'ArtifactRefusedError';
}

/** Text of the statement, which is signed. */
export function statementOf(facts: Provenance): string {
  const statement: z.infer<typeof statementSchema> = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: facts.name, digest: { sha256: facts.digest } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { repository: facts.repository, commit: facts.commit, run: facts.runId },
      },
      runDetails: { builder: { id: facts.builder }, metadata: { invocationId: facts.build } },
    },
  };
  return JSON.stringify(statement);
}

/** SHA-256 of the pre-authentication encoding of a statement: what the key signs. */
export function signedDigest(statement: string): Buffer {
  const payload = Buffer.from(statement);
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return createHash('sha256').update(head).update(payload).digest();
}

/** Envelope of a statement and its signature. */
export function sealStatement(statement: string, keyid: string, signature: Uint8Array): string {
  const envelope: z.infer<typeof envelopeSchema> = {
    payloadType,
    payload: Buffer.from(statement).toString('base64'),
    signatures: [{ keyid, sig: Buffer.from(signature).toString('base64') }],
  };
  return JSON.stringify(envelope);
}

export interface OpenedEnvelope {
  readonly statement: string;
  readonly signature: Buffer;
}

/** @throws ArtifactRefusedError */
export function openEnvelope(text: string): OpenedEnvelope {
  const { payload, signatures } = parse(envelopeSchema, text, 'envelope');
  return { statement: Buffer.from(payload, 'base64').toString(), signature: Buffer.from(signatures[0].sig, 'base64') };
}

export type Expected = Pick<Provenance, 'digest' | 'repository' | 'commit' | 'runId' | 'builder'>;

/**
 * Compares a statement, whose signature was verified, with what is to be deployed.
 *
 * @throws ArtifactRefusedError that names the first difference
 */
export function checkStatement(statement: string, expected: Expected): void {
  const { subject, predicate } = parse(statementSchema, statement, 'statement');
  const { repository, commit, run } = predicate.buildDefinition.externalParameters;
  const found: Expected = {
    digest: subject[0].digest.sha256,
    repository,
    commit,
    runId: run,
    builder: predicate.runDetails.builder.id,
  };
  for (const name of Object.keys(found) as (keyof Expected)[]) {
    if (found[name] === expected[name]) continue;
    throw new ArtifactRefusedError(`${name} of the statement: expected ${expected[name]}, got ${found[name]}`);
  }
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, text: string, what: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new ArtifactRefusedError(`the ${what} is not of the expected form`);
  }
}
