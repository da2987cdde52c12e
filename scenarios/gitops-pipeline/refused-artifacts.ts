import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment, RunItem } from './deployment';

interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/**
 * Gives the verifying step of the pipeline artifacts and statements that somebody who may write the bucket could have made.
 *
 * @param ended run whose artifact is changed
 * @param other run of another commit, which was built and signed as well
 */
export async function refuseChanged(
  run: ScenarioRun,
  { s3, artifactsBucket: Bucket }: Deployment,
  { artifact }: RunItem,
  { artifact: other }: RunItem,
): Promise<void> {
  const verify = async (changed: Readonly<Record<string, string | undefined>>): Promise<string> => {
    const { runId, commit } = artifact;
    const state = { run: { id: runId, commit, branch: 'release' }, round: 0, artifact: { ...artifact, ...changed } };
    const FunctionName = run.output('VerifyArtifactFunctionName');
    const invoke = new InvokeCommand({ FunctionName, Payload: JSON.stringify(state) });
    const { Payload } = await new LambdaClient({}).send(invoke);
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as { errorMessage?: string };
    return answer.errorMessage ?? 'verified';
  };
  const put = async (Key: string | undefined, Body: string): Promise<string | undefined> =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const refused = async (what: string, changed: Readonly<Record<string, string | undefined>>, because: string) => {
    const got = await verify(changed);
    run.assert(got.includes(because), `${what} is refused`, got);
  };
  run.assertEqual(await verify({}), 'verified', 'the artifact that was deployed is verified');

  const versionId = await put(artifact['key'], 'another artifact');
  const digest = createHash('sha256').update('another artifact').digest('hex');
  await refused('an object with other bytes', { versionId }, 'digest of the object');
  await refused('an object with other bytes and their digest', { versionId, digest }, 'digest of the statement');

  const { statementKey: Key, statementVersionId: VersionId, commit, runId } = artifact;
  await refused('the statement of another commit', { ...pick(other, 'statement') }, 'digest of the statement');
  await refused('the artifact and statement of another commit', { ...other, commit }, 'commit of the statement');
  await refused('those of another run of the commit', { runId: other['runId'] }, 'runId of the statement');
  await refused('another commit than the signed one', { commit: '0'.repeat(40) }, 'commit of the statement');

  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  const envelope = JSON.parse((await Body?.transformToString()) ?? '') as Envelope;
  const payload = Buffer.from(envelope.payload, 'base64')
    .toString()
    .replace(artifact['digest'] ?? '', digest);
  const forge = (signatures: Envelope['signatures']): Promise<string | undefined> =>
    put(
      `statements/${runId}.json`,
      JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64'), signatures }),
    );
  const changed = { versionId, digest, statementVersionId: await forge(envelope.signatures) };
  await refused('a statement that was changed after it was signed', changed, 'not signed by the key');
  const signatures = envelope.signatures.map((one) => ({ ...one, sig: signElsewhere(envelope.payloadType, payload) }));
  const signed = { versionId, digest, statementVersionId: await forge(signatures) };
  await refused('a statement that another key has signed', signed, 'not signed by the key');
}

function pick(from: Readonly<Record<string, string>>, start: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith(start)));
}

/** Signature by a key of a build's own: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function signElsewhere(type: string, payload: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encoded = `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(payload)} ${payload}`;
  return sign('sha256', Buffer.from(encoded), privateKey).toString('base64');
}
