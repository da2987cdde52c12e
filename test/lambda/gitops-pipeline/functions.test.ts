import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  awaitBuild,
  closeBuild,
  readBuild,
  recordBuildId,
} from '../../../lambda/gitops-pipeline/adapters/dynamodb-builds';
import {
  saveApproval,
  readApproval,
  recordDecision,
} from '../../../lambda/gitops-pipeline/adapters/dynamodb-approvals';
import {
  claimEnvironment,
  prolongLock,
  readEnvironmentRecord,
  releaseLock,
} from '../../../lambda/gitops-pipeline/adapters/dynamodb-environments';
import { openIndexName } from '../../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { openIds, readRun } from '../../../lambda/gitops-pipeline/adapters/dynamodb-runs';
import { beginRun } from '../../../lambda/gitops-pipeline/begin-run';
import type { BuildFacts } from '../../../lambda/gitops-pipeline/build-outcome';
import { concludeRun, finishBuild, stopBuilds } from '../../../lambda/gitops-pipeline/finish';
import type { Artifact, Run, State } from '../../../lambda/gitops-pipeline/run';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

const commit = '1'.repeat(40);
const environment = { name: 'staging', branch: 'main', stacks: '*-staging', approval: false };
const run: Run = { id: `staging-${commit}`, commit, branch: 'main', environment, pusher: 'arn:aws:iam::1:user/alice' };
const now = new Date('2026-11-27T00:00:00Z');
const at = now.toISOString();

let dynamodb: FakeDynamoDB;
let table: { client: DynamoDBClient; tableName: string };
let sent: { name: string; input: Record<string, unknown> }[];
/** Client that keeps what it sends; a name in `failing` fails once. */
let failing: string[];
const client = {
  send: (command: { constructor: { name: string }; input: object }): Promise<never> => {
    const { name } = command.constructor;
    sent.push({ name, input: command.input as Record<string, unknown> });
    if (failing[0] === name) return Promise.reject(new Error(`${failing.shift()!} was cut off`));
    return Promise.resolve((answers[name] ?? {}) as never);
  },
};
let answers: Record<string, object>;

beforeEach(() => {
  dynamodb = new FakeDynamoDB({
    runs: { partitionKey: 'id', indexes: { [openIndexName]: { partitionKey: 'open', sortKey: 'since' } } },
  });
  table = { client: new DynamoDBClient(dynamodb.clientConfig), tableName: 'runs' };
  sent = [];
  failing = [];
  answers = {};
});

const starter = () => ({ table, sfn: client, stateMachineArn: 'arn:machine' });

describe('a run', () => {
  it('is started once, with the name of its execution, however often its event arrives', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => beginRun(starter(), run, now)));
    begun.push(await beginRun(starter(), run, now));
    expect(begun.at(-1)).toBe(false);
    expect(new Set(sent.map(({ input }) => input['name']))).toEqual(new Set([run.id]));
    expect((await readRun(table, run.id))?.status).toBe('running');
  });

  it('that was recorded and not started is started by the next event', async () => {
    failing = ['StartExecutionCommand'];
    await expect(beginRun(starter(), run, now)).rejects.toThrow('cut off');
    expect(await beginRun(starter(), run, now)).toBe(true);
    expect(sent).toHaveLength(2);
  });

  it('that the sweep has found learns from the event who pushed', async () => {
    const { pusher, ...found } = run;
    await beginRun(starter(), found, now);
    expect((await readRun(table, run.id))?.run.pusher).toBeUndefined();
    await beginRun(starter(), run, now);
    expect((await readRun(table, run.id))?.run.pusher).toBe(pusher);
    expect(sent).toHaveLength(1);
  });

  it('is open until it ends, and ends once', async () => {
    await beginRun(starter(), run, now);
    expect((await openIds(table, 'run')).map(({ id }) => id)).toEqual([run.id]);
    const failed: State = { run, round: 0, failure: { Error: 'TestFailed' } };
    expect(await concludeRun(table, failed, now)).toBe('failed');
    await concludeRun(table, { run, round: 0, decision: 'deployed' }, now);
    expect(await openIds(table, 'run')).toEqual([]);
    expect((await readRun(table, run.id))?.status).toBe('failed');
  });
});

describe('a build', () => {
  const id = `${run.id}/test/0`;
  const facts: BuildFacts = {
    id: 'Test:1',
    arn: 'arn:build',
    project: 'Test',
    status: 'SUCCEEDED',
    variables: { RUN_ID: run.id, STEP: 'test', ROUND: '0' },
    exported: {},
  };
  const wait = (taskToken: string) => awaitBuild(table, id, { taskToken, at, expiresAt: 1 });

  it('that is started again is the same one, and gives its result to the new token', async () => {
    await wait('first');
    await recordBuildId(table, id, 'Test:1');
    expect(await wait('second')).toMatchObject({ buildId: 'Test:1', taskToken: 'second' });
    expect(await finishBuild({ table, sfn: client }, facts)).toBe(true);
    expect(sent).toEqual([
      { name: 'SendTaskSuccessCommand', input: { taskToken: 'second', output: '{"build":"Test:1"}' } },
    ]);
  });

  it('whose event comes before its id is stored gives its result', async () => {
    await wait('token');
    expect(await finishBuild({ table, sfn: client }, { ...facts, status: 'FAILED', reason: 'BUILD: exit 3' })).toBe(
      true,
    );
    expect(sent[0]).toEqual({
      name: 'SendTaskFailureCommand',
      input: { taskToken: 'token', error: 'TestFailed', cause: 'BUILD: exit 3' },
    });
    expect((await readBuild(table, id))?.ended).toBe(true);
  });

  it.each([
    ['that another build pretends to be', { id: 'Test:2' }],
    ['that nobody waits for', { variables: { RUN_ID: 'staging-other', STEP: 'test', ROUND: '0' } }],
    ['that goes on', { status: 'IN_PROGRESS' as const }],
    ['that the pipeline has not started', { variables: {} }],
  ])('%s ends no step', async (_, changed) => {
    await wait('token');
    await recordBuildId(table, id, 'Test:1');
    expect(await finishBuild({ table, sfn: client }, { ...facts, ...changed })).toBe(false);
    expect(sent).toEqual([]);
  });

  it('that goes on at the end of its run is stopped, and waited for', async () => {
    await wait('token');
    await recordBuildId(table, id, 'Test:1');
    answers = { BatchGetBuildsCommand: { builds: [{ id: 'Test:1', buildStatus: 'IN_PROGRESS' }] } };
    await expect(stopBuilds(table, client, run.id)).rejects.toThrow('is being stopped');
    expect(sent.map(({ name }) => name)).toEqual(['BatchGetBuildsCommand', 'StopBuildCommand']);
    answers = { BatchGetBuildsCommand: { builds: [{ id: 'Test:1', buildStatus: 'STOPPED' }] } };
    await stopBuilds(table, client, run.id);
    expect(await openIds(table, 'build')).toEqual([]);
  });

  it('that has ended is no longer open', async () => {
    await wait('token');
    expect(await openIds(table, 'build')).toEqual([{ id, since: at }]);
    await closeBuild(table, id);
    expect(await openIds(table, 'build')).toEqual([]);
  });
});

describe('an environment', () => {
  const artifact: Artifact = {
    key: 'k',
    versionId: 'v',
    digest: 'a'.repeat(64),
    statementKey: 's',
    statementVersionId: 'w',
    runId: run.id,
    commit,
  };
  const claim = (runId: string, base = 0, seconds = 100) =>
    claimEnvironment(table, 'staging', { runId, base, now: seconds, isHead: true }, 50).then(
      ({ decision }) => decision,
    );

  it('is held by one of the runs that claim it at once', async () => {
    const decisions = await Promise.all(Array.from({ length: 10 }, (_, index) => claim(`run-${index}`)));
    expect(decisions.filter((one) => one === 'deploy')).toHaveLength(1);
    expect(decisions.filter((one) => one === 'wait')).toHaveLength(9);
  });

  it('counts a deployment once, however often its owner claims it', async () => {
    expect([await claim('a'), await claim('a'), await claim('a')]).toEqual(['deploy', 'deploy', 'deploy']);
    expect((await readEnvironmentRecord(table, 'staging')).deployments).toBe(1);
  });

  it('is released by its owner alone, who leaves the good artifact', async () => {
    await claim('a');
    expect(await releaseLock(table, 'staging', 'b', artifact)).toBe(false);
    expect(await releaseLock(table, 'staging', 'a', artifact)).toBe(true);
    expect(await readEnvironmentRecord(table, 'staging')).toEqual({ deployments: 1, good: artifact });
    expect(await claim('b', 0)).toBe('compare');
    expect(await claim('b', 1)).toBe('deploy');
  });

  it('that was lost to another run is not prolonged', async () => {
    await claim('a');
    expect(await prolongLock(table, 'staging', { runId: 'a', until: 300, now: 120 })).toBe(true);
    expect(await claim('b', 1, 301)).toBe('deploy');
    expect(await prolongLock(table, 'staging', { runId: 'a', until: 500, now: 310 })).toBe(false);
  });
});

it('of two decisions on one request the first counts', async () => {
  const request = { runId: run.id, round: 0, digest: 'a', diffHash: 'b', expiresAt: 10, taskToken: 't' };
  await saveApproval(table, request);
  const decide = (decision: 'approve' | 'reject') =>
    recordDecision(table, { runId: run.id, round: 0, digest: 'a', diffHash: 'b', decision }, 'arn:bob');
  expect([await decide('approve'), await decide('reject')]).toEqual([true, false]);
  await saveApproval(table, { ...request, taskToken: 'new', expiresAt: 99 });
  expect(await readApproval(table, run.id, 0)).toEqual({ ...request, taskToken: 'new', decision: 'approve' });
});
