import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { faultsOf } from '../shared/faults/fault-injector';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import {
  cleanUpStacks,
  awaitComment,
  deployedValue,
  lock,
  ownerOf,
  push,
  readDeployment,
  waitForEnd,
  type Deployment,
} from './deployment';
import { awaitRequest } from './approval-requests';
import type { Demo } from './demo';
import { stopBuilds } from './stopped-builds';

/** A form that the scan finds, put together so that no scan of this repository finds it. */
const secret = ['AKIA', 'Q7ZPLM3TRW5XKD2V'].join('');

const hostileName = 'src/$(touch x);`id`\'"<b>\n.txt';

/** Commits that the scan stops, and what it says. */
const findings: readonly { readonly what: string; readonly changed: Partial<Demo>; readonly named: string }[] = [
  {
    what: 'secret',
    changed: { more: { [hostileName]: `first line\nkey = ${secret}\n` } },
    named: 'src/??touch?x???id????b??.txt:2: AWS access key',
  },
  {
    what: 'dependency',
    changed: {
      more: {
        'package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: { 'node_modules/lodash': { version: '4.17.20' } },
        }),
      },
    },
    named: 'package-lock.json:1: lodash 4.17.20: GHSA-35jh-r3h4-6jhm',
  },
  {
    what: 'permission',
    changed: { statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    named: 'Wide: a wildcard permission: s3:*',
  },
];

export const failedStepsProof: Check = {
  name: 'failed-steps',
  title:
    'a failed step ends a run; a failed deployment, smoke test or alarm rolls back; an approval that nobody gives expires',
  needs: 'faults',
  takesMinutes: true,
  async run(run) {
    const deployment = readDeployment(run);
    const demo = { name: `d${run.runId}`, value: 'good' };
    cleanUpStacks(run, deployment, demo.name);
    await Promise.all([
      endWithoutApproval(run, deployment, demo),
      failBefore(run, deployment, demo),
      rollBack(run, deployment, demo),
      stopBuilds(run, deployment, demo),
    ]);
    await run.step('show the open runs', () =>
      runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline show'),
    );
  },
};

async function failBefore(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const onBranch = (name: string, changed: Partial<Demo>): Promise<string> =>
    push(deployment, `${name}-${run.runId}`, { ...demo, ...changed });
  const failing = await onBranch('test', { test: 'node -e process.exit(3)' });
  for (const { what, changed, named } of findings) {
    const { status, failure } = await waitForEnd(run, deployment, 'none', await onBranch(what, changed));
    run.assertEqual(status, 'failed', `the status of a commit with a ${what}`);
    run.assert(failure.includes('ScanFindings') && failure.includes(named), `the failure names the ${what}`, failure);
    run.assert(!failure.includes(secret), 'the failure does not have the secret', failure);
  }
  const tested = await waitForEnd(run, deployment, 'none', failing);
  run.assert(tested.failure.includes('TestFailed'), 'a failing test fails the run', tested.failure);

  await endBuild(run, deployment, await onBranch('dying', { test: 'node -e "setTimeout(() => {}, 300000)"' }), {
    argument: 'setTimeout',
    how: 'died',
    failure: 'TestFailed',
  });
  await endBuild(run, deployment, await onBranch('hanging', { test: 'node -e "setInterval(() => {}, 300000)"' }), {
    argument: 'setInterval',
    how: 'timed out',
    failure: 'TestTimedOut',
  });
}

/** Ends the build of a commit whose test takes minutes, and checks how its run ends. */
async function endBuild(
  run: ScenarioRun,
  deployment: Deployment,
  commit: string,
  {
    argument,
    how,
    failure,
  }: { readonly argument: string; readonly how: 'died' | 'timed out'; readonly failure: string },
): Promise<void> {
  await run.eventually('a build to end', () =>
    Promise.resolve(faultsOf(run).endBuilds(argument, how) > 0 ? true : undefined),
  );
  const ended = await waitForEnd(run, deployment, 'none', commit);
  run.assertEqual(ended.status, 'failed', `the status of a run whose builder ${how}`);
  run.assert(ended.failure.includes(failure), `its failure is ${failure}`, ended.failure);
}

async function rollBack(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const good = await push(deployment, 'main', demo);
  const first = await waitForEnd(run, deployment, 'staging', good);
  run.assertEqual(first.status, 'deployed', `the status of the good commit ${first.failure}`);
  const bad = await push(deployment, 'main', { ...demo, value: 'bad', expected: 'good' });
  const ended = await waitForEnd(run, deployment, 'staging', bad);
  run.assertEqual(ended.status, 'rolled-back', `the status of the bad commit ${ended.failure}`);
  run.assertEqual(ended.digest, first.digest, 'the artifact that runs is the last good one');
  const stack = `${demo.name}-staging`;
  run.assertEqual(await deployedValue(deployment, stack), 'good', 'the stack has the good value');
  await awaitRelease(run, deployment);
  const comment = await awaitComment(run, deployment, bad);
  run.assert(comment.includes('Pipeline rolled-back') && comment.includes('stays so'), 'its comment says so', comment);

  const resource = { Type: 'AWS::Nowhere::Thing' };
  const refused = await push(deployment, 'main', { ...demo, value: 'refused', resource });
  const failed = await waitForEnd(run, deployment, 'staging', refused);
  run.assertEqual(failed.status, 'rolled-back', `the status of a commit that cannot be deployed ${failed.failure}`);
  run.assert(failed.failure.includes('DeployFailed'), 'its failure is that of the deployment', failed.failure);
  run.assertEqual(failed.digest, first.digest, 'the artifact that runs is the last good one');
  run.assertEqual(await deployedValue(deployment, stack), 'good', 'the stack still has the good value');
  await awaitRelease(run, deployment);

  const alarmed = await push(deployment, 'main', { ...demo, value: 'alarmed' });
  await raiseAlarmOf(run, deployment, stack, alarmed);
  const watched = await waitForEnd(run, deployment, 'staging', alarmed);
  run.assertEqual(watched.status, 'rolled-back', 'the status of a commit that raised an alarm');
  run.assert(watched.failure.includes(`AlarmRaised`), 'its failure names the alarm', watched.failure);
  run.assertEqual(await deployedValue(deployment, stack), 'good', 'the stack has the good value again');
  await awaitRelease(run, deployment);
  await run.step('deploy the good artifact again, and release a lock', () => operate(run, deployment, good));
}

/** The lock is released after the end was recorded. */
async function awaitRelease(run: ScenarioRun, deployment: Deployment): Promise<void> {
  await run.eventually('the release of the environment', async () =>
    (await ownerOf(deployment, 'staging')) === undefined ? true : undefined,
  );
}

/** Pushes to the environment that needs an approval: somebody rejects one commit, and nobody decides on the other. */
async function endWithoutApproval(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const expiring = await push(deployment, 'release', demo);
  const rejected = await push(deployment, 'release', { ...demo, value: 'rejected' });
  await awaitRequest(run, deployment, `prod-${rejected}`);
  await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline reject <run id>', {
    values: { 'run id': `prod-${rejected}` },
  });
  for (const [commit, failure] of [
    [rejected, 'ApprovalRejected'],
    [expiring, 'ApprovalExpired'],
  ] as const) {
    const ended = await waitForEnd(run, deployment, 'prod', commit);
    run.assertEqual(ended.status, 'rejected', 'the status of a run without an approval');
    run.assert(ended.failure.includes(failure), `its failure is ${failure}`, ended.failure);
  }
  const value = await deployedValue(deployment, `${demo.name}-prod`);
  run.assertEqual(value, undefined, 'its stack is not deployed');
}

/** Raises an alarm of a stack as soon as a commit is being deployed: until the alarms are watched, there are a build and a test. */
async function raiseAlarmOf(run: ScenarioRun, deployment: Deployment, stack: string, commit: string): Promise<void> {
  const cloudwatch = new CloudWatchClient({});
  const AlarmName = `${stack}-HighErrors-1A2B3C`;
  const metric = {
    Namespace: 'Demo',
    MetricName: 'Errors',
    Period: 60,
    EvaluationPeriods: 1,
    Statistic: 'Sum',
  } as const;
  const limit = { Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...limit }));
  run.cleanUp('the alarm of the demo', async () => {
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
  });
  await run.eventually(
    'the deployment',
    async () => ((await ownerOf(deployment, 'staging')) === `staging-${commit}` ? true : undefined),
    { everyMilliseconds: 200 },
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'the proof' }));
}

/** The commands of the runbook on an environment, from the states that they are for. */
async function operate(run: ScenarioRun, deployment: Deployment, good: string): Promise<void> {
  const runId = `staging-${good}`;
  const again = await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline again <run id>', {
    values: { 'run id': runId },
  });
  const [, started = ''] = /started staging-(\S+)/.exec(again) ?? [];
  const ended = await waitForEnd(run, deployment, 'staging', started);
  run.assertEqual(ended.status, 'deployed', `the status of the run that was started again ${ended.failure}`);
  await lock(deployment, 'staging', runId);
  const released = await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline release <environment>', {
    values: { environment: 'staging' },
  });
  run.assert(released.includes(`released staging, which ${runId} had locked`), 'the lock is released', released);
  run.assertEqual(await ownerOf(deployment, 'staging'), undefined, 'the owner of the environment');
}
