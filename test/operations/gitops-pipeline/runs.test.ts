import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { saveApproval } from '../../../lambda/gitops-pipeline/adapters/dynamodb-approvals';
import {
  claimEnvironment,
  readEnvironmentRecord,
} from '../../../lambda/gitops-pipeline/adapters/dynamodb-environments';
import { openIndexName } from '../../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { recordEnd, recordRun } from '../../../lambda/gitops-pipeline/adapters/dynamodb-runs';
import type { Artifact, Run } from '../../../lambda/gitops-pipeline/run';
import { sendDecision, showApproval } from '../../../operations/gitops-pipeline/approval';
import { deployAgain, releaseEnvironment, showRuns } from '../../../operations/gitops-pipeline/runs';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';

const commit = '1'.repeat(40);
const environment = { name: 'prod', branch: 'release', stacks: '*-prod', approval: true };
const run: Run = { id: `prod-${commit}`, commit, branch: 'release', environment, pusher: 'arn:alice' };
const artifact: Artifact = {
  key: 'k',
  versionId: 'v',
  digest: 'a'.repeat(64),
  statementKey: 's',
  statementVersionId: 'w',
  runId: run.id,
  commit,
};
const now = new Date('2026-11-27T00:00:00Z');

const signer = () =>
  Promise.resolve({ region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } });

function deployment(executionStatus = 'SUCCEEDED') {
  const dynamodb = new FakeDynamoDB({
    runs: { partitionKey: 'id', indexes: { [openIndexName]: { partitionKey: 'open', sortKey: 'since' } } },
  });
  const s3 = new FakeS3({ ArtifactsBucketName: 'Enabled' });
  const inputs: { name?: string; input?: string }[] = [];
  const sfn = {
    send: ({ input }: { input: { name?: string } }) => {
      inputs.push(input);
      return Promise.resolve({ status: executionStatus } as never);
    },
  };
  const table = { client: new DynamoDBClient(dynamodb.clientConfig), tableName: 'runs' };
  return { table, sfn, s3: new S3Client(s3.clientConfig), bucket: s3, inputs, signer, output: (name: string) => name };
}

it('a run of an earlier artifact begins with that artifact, and its operator counts as the pusher', async () => {
  const made = deployment();
  await recordRun(made.table, run, now.toISOString());
  await expect(deployAgain(made, run.id, now)).rejects.toThrow('has no artifact');
  const state = { run, round: 0, artifact, decision: 'deployed' };
  await recordEnd(made.table, { state, status: 'deployed', at: now.toISOString(), expiresAt: 1 });
  await deployAgain(made, run.id, now, 'arn:operator');
  const [started] = made.inputs;
  expect(started?.name).toMatch(/^prod-111111111111-\w+$/);
  expect(JSON.parse(started?.input ?? '')).toMatchObject({
    run: { again: artifact, pusher: 'arn:operator' },
    round: 0,
  });
  expect((await showRuns(made, '')).at(-1)).toBe('1 open runs');
});

it('the lock of a run that has ended is released, and not that of a running one', async () => {
  const claim = { runId: run.id, base: 0, now: 1, isHead: true };
  const running = deployment('RUNNING');
  await claimEnvironment(running.table, 'prod', claim, 1_000);
  await expect(releaseEnvironment(running, 'prod')).rejects.toThrow('which is running');
  const ended = deployment('ABORTED');
  await claimEnvironment(ended.table, 'prod', claim, 1_000);
  await releaseEnvironment(ended, 'prod');
  expect(await readEnvironmentRecord(ended.table, 'prod')).toEqual({ deployments: 1 });
});

it('the difference is shown with the command that approves it by its hash', async () => {
  const made = deployment();
  const request = {
    runId: run.id,
    round: 0,
    digest: 'a'.repeat(64),
    diffHash: 'b'.repeat(64),
    expiresAt: 1,
    taskToken: 't',
  };
  await saveApproval(made.table, request);
  await saveApproval(made.table, { ...request, round: 1 });
  made.bucket.put('ArtifactsBucketName', `diff/${run.id}/1/files/diff.txt`, 'Stack demo-prod\n[+] Setting\n');
  const lines = await showApproval(made, run.id);
  expect(lines[0]).toBe('Stack demo-prod\n[+] Setting');
  expect(lines.at(-2)).toBe(`approve: npm run ops -- gitops-pipeline approve ${run.id} ${'b'.repeat(64)}`);
});

it.each([
  ['approve', 'c'.repeat(64), 'c'.repeat(64)],
  ['reject', undefined, 'b'.repeat(64)],
] as const)('%s is signed, and names run, round, artifact and difference', async (decision, shown, diffHash) => {
  const made = { ...deployment(), output: () => 'https://id.lambda-url.eu-west-1.on.aws/' };
  const digest = 'a'.repeat(64);
  const request = { runId: run.id, round: 0, digest, diffHash: 'b'.repeat(64), expiresAt: 1, taskToken: 't' };
  await expect(sendDecision(made, run.id, shown, decision)).rejects.toThrow('has asked for no approval');
  await saveApproval(made.table, request);
  const call = jest
    .spyOn(globalThis, 'fetch')
    .mockResolvedValueOnce(new Response('{"result":"own push"}', { status: 409 }));
  await expect(sendDecision(made, run.id, shown, decision)).rejects.toThrow('own push');
  call.mockResolvedValueOnce(new Response('', { status: 403 }));
  await expect(sendDecision(made, run.id, shown, decision)).rejects.toThrow('may not call ApproveUrl');
  call.mockResolvedValueOnce(new Response('{}'));
  expect(await sendDecision(made, run.id, shown, decision)).toEqual([`${decision} is recorded for ${run.id}`]);
  const [url, { headers, body }] = call.mock.lastCall as [string, { headers: Record<string, string>; body: string }];
  expect(url).toBe('https://id.lambda-url.eu-west-1.on.aws/');
  expect(headers['authorization']).toContain('AKIDEXAMPLE');
  expect(JSON.parse(body)).toEqual({ runId: run.id, round: 0, digest, diffHash, decision });
  call.mockRestore();
});
