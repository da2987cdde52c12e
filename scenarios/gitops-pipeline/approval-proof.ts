import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetItemCommand, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createHash } from 'node:crypto';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import {
  cleanUpStacks,
  deployedValue,
  push,
  readDeployment,
  waitForEnd,
  type Deployment,
  type RunItem,
} from './deployment';

const approver = 'arn:aws:sts::111111111111:assumed-role/Releaser/bob';
const session = (name: string): string => `arn:aws:sts::111111111111:assumed-role/Developer/${name}`;

export const approvalProof: Check = {
  name: 'approval-and-statement',
  title: 'nothing is deployed to prod without the approval of somebody else, nor with another artifact or statement',
  expectedErrors: ['ArtifactRefusedError'],
  async run(run) {
    const deployment = readDeployment(run);
    const name = `d${run.runId}`;
    cleanUpStacks(run, deployment, name);
    const older = await push(deployment, 'release', { name, value: 'older' });
    const olderRequest = await run.step('wait for the request of an older commit', () =>
      run.eventually('its request', () => readRequest(deployment, `prod-${older}`), { withinSeconds: 300 }),
    );
    const commit = await push(deployment, 'release', { name, value: run.runId }, '"; rm -rf / #$(reboot)`id`');
    const decideOlder = { runId: `prod-${older}`, round: 0, ...olderRequest, decision: 'approve' };
    const { pusher: _, ...olderDecision } = decideOlder;
    run.assertEqual(await decideAs(run, olderDecision, approver), 'approve', 'the older commit may be approved');
    const superseded = await waitForEnd(run, deployment, 'prod', older);
    run.assertEqual(superseded.status, 'superseded', 'its status, since a newer one waits');
    const runId = `prod-${commit}`;
    const request = await run.step('wait for the request', () =>
      run.eventually('the request for an approval', () => readRequest(deployment, runId), { withinSeconds: 300 }),
    );
    const decision = { runId, round: 0, digest: request.digest, diffHash: request.diffHash, decision: 'approve' };
    const decide = (changed: object, arn: string): Promise<string> => decideAs(run, { ...decision, ...changed }, arn);
    run.assertEqual(await decide({}, request.pusher), 'own push', 'the approval of the pusher is refused');
    await setText(deployment, `run#${runId}`, 'run', (text) => text.replace(request.pusher, session('alice')));
    run.assertEqual(await decide({}, session('mallory')), 'own push', 'under another name of the session, too');
    run.assertEqual(await decide({ runId: decideOlder.runId }, approver), 'another artifact', 'of another run, too');
    await setExpiry(deployment, runId, 1);
    run.assertEqual(await decide({}, approver), 'expired', 'an expired approval, too');
    await setExpiry(deployment, runId, Math.ceil(Date.now() / 1_000) + 600);
    const shown = await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline approve <run id>', {
      values: { 'run id': runId },
    });
    run.assert(shown.includes(`${name}-prod`) && shown.includes(request.diffHash), 'the command shows both', shown);
    const another = '0'.repeat(64);
    run.assertEqual(await decide({ digest: another }, approver), 'another artifact', 'of another artifact, too');
    run.assertEqual(await decide({ diffHash: another }, approver), 'another difference', 'of another difference, too');
    const before = await deployedValue(deployment, `${name}-prod`);
    run.assertEqual(before, undefined, 'nothing is deployed by refused approvals');
    run.assertEqual(await decide({}, approver), 'approve', 'the approval of somebody else counts');
    run.assertEqual(await decide({}, approver), 'already decided', 'a replayed approval is refused');
    const ended = await waitForEnd(run, deployment, 'prod', commit);
    run.assertEqual(ended.status, 'deployed', `the status of the run ${ended.failure}`);
    const value = await deployedValue(deployment, `${name}-prod`);
    run.assertEqual(value, run.runId, 'the stack of prod has the value of the commit');
    await run.step('verify changed artifacts', () => refuseChanged(run, deployment, ended, { commit, runId }));
  },
};

interface Request {
  readonly digest: string;
  readonly diffHash: string;
  readonly pusher: string;
}

async function readRequest({ dynamodb, runsTable }: Deployment, runId: string): Promise<Request | undefined> {
  const Key = { id: { S: `approval#${runId}/0` } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
  const { digest, diffHash, pusher } = Item ?? {};
  if (digest?.S === undefined || diffHash?.S === undefined || pusher?.S === undefined) return undefined;
  return { digest: digest.S, diffHash: diffHash.S, pusher: pusher.S };
}

/** Changes a text of an item, as if the event of the push had come from somebody else. */
async function setText(
  deployment: Deployment,
  id: string,
  name: string,
  change: (text: string) => string,
): Promise<void> {
  const { dynamodb, runsTable: TableName } = deployment;
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
  await setAttribute(deployment, id, name, { S: change(Item?.[name]?.S ?? '') });
}

function setExpiry(deployment: Deployment, runId: string, seconds: number): Promise<void> {
  return setAttribute(deployment, `approval#${runId}/0`, 'expiresAt', { N: String(seconds) });
}

async function setAttribute(
  { dynamodb, runsTable }: Deployment,
  id: string,
  name: string,
  value: AttributeValue,
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: runsTable,
      Key: { id: { S: id } },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}

/**
 * Decides as somebody: the function is invoked with the event that its URL makes for an authenticated caller. Whoever may
 * invoke the function directly, as an administrator, can say who calls; approvers may use the URL only.
 */
async function decideAs(run: ScenarioRun, decision: object, userArn: string): Promise<string> {
  const event = { requestContext: { authorizer: { iam: { userArn } } }, body: JSON.stringify(decision) };
  const answer = (await invoke(run.output('DecideApprovalFunctionName'), event)) as { body: string };
  return (JSON.parse(answer.body) as { result: string }).result;
}

async function invoke(FunctionName: string, event: object): Promise<unknown> {
  const { Payload } = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

/** Gives the verifying step of the pipeline artifacts and statements that somebody who may write the bucket could have made. */
async function refuseChanged(
  run: ScenarioRun,
  { s3, artifactsBucket: Bucket }: Deployment,
  { artifact }: RunItem,
  { commit, runId }: { readonly commit: string; readonly runId: string },
): Promise<void> {
  const verify = async (changed: object): Promise<string> => {
    const state = { run: { id: runId, commit, branch: 'release' }, round: 0, artifact: { ...artifact, ...changed } };
    const answer = (await invoke(run.output('VerifyArtifactFunctionName'), state)) as { errorMessage?: string };
    return answer.errorMessage ?? 'verified';
  };
  const put = async (Key: string | undefined, Body: string): Promise<string> =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
  run.assertEqual(await verify({}), 'verified', 'the artifact that was deployed is verified');

  const versionId = await put(artifact['key'], 'another artifact');
  const changedBytes = await verify({ versionId });
  run.assert(changedBytes.includes('digest of the object'), 'other bytes are refused', changedBytes);
  const digest = createHash('sha256').update('another artifact').digest('hex');
  const changedDigest = await verify({ versionId, digest });
  run.assert(
    changedDigest.includes('digest of the statement'),
    'other bytes with their own digest, too',
    changedDigest,
  );

  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: artifact['statementKey'] }));
  const envelope = JSON.parse((await Body?.transformToString()) ?? '') as { payload: string };
  const payload = Buffer.from(envelope.payload, 'base64')
    .toString()
    .replace(artifact['digest'] ?? '', digest);
  const forged = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') });
  const statementVersionId = await put(artifact['statementKey'], forged);
  const changedStatement = await verify({ versionId, digest, statementVersionId });
  run.assert(changedStatement.includes('not signed'), 'a statement that was not signed is refused', changedStatement);
  const otherCommit = await verify({ commit: '0'.repeat(40) });
  run.assert(otherCommit.includes('commit of the statement'), 'a statement for another commit is refused', otherCommit);
}
