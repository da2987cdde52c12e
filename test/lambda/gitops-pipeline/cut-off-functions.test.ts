import {
  claimEnvironment,
  readEnvironmentRecord,
} from '../../../lambda/gitops-pipeline/adapters/dynamodb-environments';
import { recordRun } from '../../../lambda/gitops-pipeline/adapters/dynamodb-runs';
import { readApproval } from '../../../lambda/gitops-pipeline/adapters/dynamodb-approvals';
import type { Artifact, Run, State } from '../../../lambda/gitops-pipeline/run';
import { loadHandler, TestEnvironment } from './test-environment';

const startBuild = loadHandler('start-build');
const finishBuild = loadHandler('finish-build');
const requestApproval = loadHandler('request-approval');
const decideApproval = loadHandler<{ statusCode: number; body: string }>('decide-approval');
const endRun = loadHandler<{ status: string }>('end-run');

const commit = '1'.repeat(40);
const environment = { name: 'prod', branch: 'release', stacks: '*-prod', approval: true };
const pusher = 'arn:aws:iam::111122223333:user/alice';
const run: Run = { id: `prod-${commit}`, commit, branch: 'release', environment, pusher };
const digest = 'a'.repeat(64);
const artifact: Artifact = {
  ...{ key: 'k', versionId: 'v', digest, statementKey: 's', statementVersionId: 'w' },
  ...{ runId: run.id, commit },
};

let services: TestEnvironment;
beforeEach(async () => {
  services = new TestEnvironment();
  await recordRun(services.table, run, new Date().toISOString());
});
afterEach(() => jest.restoreAllMocks());

/** Moments at which a function is cut off: after its first call, and so on; the last one is after its end. */
const moments = [1, 2, 3, 4, 5, 6];
/** Those of end-run, without the builds that it reads in between. */
const momentsOfEnd = [1, 2, 3, 4, 5, 13, 14, 15, 16, 17, 18];

/** Invokes a function whose process is killed after so many calls, as the state machine sees it: its task has failed. */
async function cutOff(invoke: () => Promise<unknown>, after: number, taskToken?: string): Promise<void> {
  if (taskToken !== undefined) services.awaited.add(taskToken);
  services.cutOffAfter = after;
  await invoke().catch(() => undefined);
  services.cutOffAfter = Infinity;
  if (taskToken !== undefined) services.awaited.delete(taskToken);
}

describe('start-build', () => {
  const attempt = (taskToken: string) => () => startBuild({ step: 'test', taskToken, state: { run, round: 0 } });
  const endBuilds = async (): Promise<void> => {
    for (const build of services.builds) {
      build.status = 'SUCCEEDED';
      await finishBuild({ detail: { 'build-id': build.id } });
    }
  };
  const expectOneResult = (): void => {
    expect(services.builds).toHaveLength(1);
    expect(services.results).toEqual([{ token: 'second', result: '{"build":"Build:1"}' }]);
  };

  it.each(moments)('cut off after call %d is repeated with the same build, which ends later', async (after) => {
    await cutOff(attempt('first'), after, 'first');
    services.awaited.add('second');
    await attempt('second')();
    expect(services.results).toEqual([]);
    await endBuilds();
    expectOneResult();
  });

  it.each(moments)('cut off after call %d gets the result of a build that ended meanwhile', async (after) => {
    await cutOff(attempt('first'), after, 'first');
    await endBuilds();
    for (const build of services.builds) build.token = 'forgotten';
    const wasStarted = services.builds.length > 0;
    services.awaited.add('second');
    await attempt('second')();
    // Its event came once, and nobody waited for it.
    if (!wasStarted) await endBuilds();
    expectOneResult();
  });

  it.each(moments)('cut off after call %d is repeated with the same build an hour later', async (after) => {
    const timers = ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'setInterval'] as const;
    await cutOff(attempt('first'), after, 'first');
    for (const build of services.builds) build.token = 'forgotten';
    services.addOtherBuilds();
    jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: [...timers] });
    services.awaited.add('second');
    await attempt('second')();
    jest.useRealTimers();
    const own = services.builds.filter(({ variables }) => variables.length > 0);
    expect(own).toHaveLength(1);
    own.forEach((build) => (build.status = 'SUCCEEDED'));
    await finishBuild({ detail: { 'build-id': own[0]?.id } });
    expect(services.results).toEqual([{ token: 'second', result: `{"build":"${own[0]?.id}"}` }]);
  });
});

describe('an approval', () => {
  const state: State = { run, round: 0, artifact };
  const since = new Date().toISOString();
  const ask = (taskToken: string) => () => requestApproval({ taskToken, since, state });
  const decide = async () => {
    const { diffHash = '' } = (await readApproval(services.table, run.id, 0)) ?? {};
    const body = JSON.stringify({ runId: run.id, round: 0, digest, diffHash, decision: 'approve' });
    const iam = { userArn: 'arn:aws:iam::111122223333:user/bob' };
    return decideApproval({ requestContext: { authorizer: { iam } }, body });
  };
  const approved = [{ token: 'second', result: '{"approved":true}' }];

  it.each(moments)(
    'whose request was cut off after call %d, and that was decided on meanwhile, counts',
    async (after) => {
      await cutOff(ask('first'), after, 'first');
      const { statusCode } = (await readApproval(services.table, run.id, 0)) ? await decide() : { statusCode: 0 };
      services.awaited.add('second');
      await ask('second')();
      if (statusCode === 0) await decide();
      expect(services.results).toEqual(approved);
    },
  );

  it.each(moments)('that was cut off after call %d counts when it is sent again', async (after) => {
    services.awaited.add('second');
    await ask('second')();
    await cutOff(decide, after);
    await decide();
    expect(services.results).toEqual(approved);
    expect(await decide()).toMatchObject({ statusCode: 409, body: '{"result":"already decided"}' });
    expect(services.results).toEqual(approved);
  });

  it('expires at the same time, however often it is asked for', async () => {
    for (const token of ['first', 'second']) await ask(token)();
    const { expiresAt } = (await readApproval(services.table, run.id, 0))!;
    expect(expiresAt).toBe(Math.floor(Date.parse(since) / 1_000) + 3_600);
  });
});

describe('end-run', () => {
  const failed: State = { run, round: 0, artifact, failure: { Error: 'DeployFailed' }, notRolledBack: 'no good one' };

  it.each(momentsOfEnd)(
    'cut off after call %d has the same status, one comment, and releases the lock',
    async (after) => {
      const claim = { runId: run.id, base: 0, now: Math.floor(Date.now() / 1_000), isHead: true };
      await claimEnvironment(services.table, 'prod', claim, 600);
      await cutOff(() => endRun(failed), after);
      expect(await endRun(failed)).toMatchObject({ status: 'broken', failed: true });
      expect(services.messages.at(-1)).toContain('Not rolled back: no good one');
      expect([...services.comments.values()]).toEqual([expect.stringContaining('Pipeline broken')]);
      expect((await readEnvironmentRecord(services.table, 'prod')).owner).toBeUndefined();
    },
  );
});
