import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { runCommand } from '../shared/runbook-commands';
import type { ScenarioRun } from '../shared/scenario';
import type { Demo } from './demo';
import { awaitComment, deployedValue, lock, ownerOf, push, waitForEnd, type Deployment } from './deployment';

/** Pushes commits whose smoke test, deployment or alarm fails, and checks that the last good one runs. */
export async function rollBack(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
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
