import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendTaskFailureCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';
import { buildsOf, projectOf } from './builds';
import type { Demo } from './demo';
import { push, readRun, waitForEnd, type Deployment } from './deployment';
import { sweep } from './sweep';

/** Ends runs while their tests go on, and checks that no build outlives its run. */
export async function stopBuilds(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  // With a value for each: commits of the same files in the same second are one commit.
  const hanging = { ...demo, test: 'sleep 600' };
  await Promise.all([endState(run, deployment, hanging), endExecution(run, deployment, hanging)]);
}

/** Ends a state as the state machine does when its time is over. */
async function endState(run: ScenarioRun, deployment: Deployment, hanging: Demo): Promise<void> {
  const commit = await push(deployment, `timed-${run.runId}`, { ...hanging, value: 'timed' });
  const taskToken = await awaitTest(run, deployment, commit);
  await deployment.stepFunctions.send(new SendTaskFailureCommand({ taskToken, error: 'States.Timeout' }));
  await checkEnd(run, deployment, commit, 'States.Timeout');
}

/** Stops an execution as an operator does; the sweep stops its build, and then ends its run. */
async function endExecution(run: ScenarioRun, deployment: Deployment, hanging: Demo): Promise<void> {
  const { stepFunctions, machine } = deployment;
  const commit = await push(deployment, `ended-${run.runId}`, { ...hanging, value: 'ended' });
  await awaitTest(run, deployment, commit);
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:none-${commit}`;
  await stepFunctions.send(new StopExecutionCommand({ executionArn }));
  await run.eventually('the sweep to end the run', async () => {
    await sweep(run);
    return (await readRun(deployment, 'none', commit))?.status === 'failed' ? true : undefined;
  });
  await checkEnd(run, deployment, commit, 'Execution.ABORTED');
}

/** Waits for the build of the test; returns the task token that it ends. */
function awaitTest(run: ScenarioRun, { dynamodb, runsTable }: Deployment, commit: string): Promise<string> {
  const Key = { id: { S: `build#none-${commit}/test/0` } };
  return run.eventually('the test', async () => {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
    return Item?.['buildId'] === undefined ? undefined : Item['taskToken']?.S;
  });
}

async function stateOfTest(deployment: Deployment, commit: string): Promise<string | undefined> {
  const [build] = await buildsOf(await projectOf(deployment, 'test'), [`none-${commit}`]);
  return build?.status;
}

async function checkEnd(run: ScenarioRun, deployment: Deployment, commit: string, failure: string): Promise<void> {
  const ended = await waitForEnd(run, deployment, 'none', commit);
  run.assert(ended.failure.includes(failure), `the failure of the run is ${failure}`, ended.failure);
  run.assertEqual(await stateOfTest(deployment, commit), 'STOPPED', 'the state of its build');
}
