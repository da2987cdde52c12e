import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendTaskFailureCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';
import { buildsOf, projectOf } from './builds';
import type { Demo } from './demo';
import { waitForEnd, type Deployment } from './deployment';
import { sweep } from './sweep';

/** Ends runs while their tests go on, and checks that no build outlives its run. */
export async function stopBuilds(
  run: ScenarioRun,
  deployment: Deployment,
  onBranch: (name: string, changed: Partial<Demo>) => Promise<string>,
): Promise<void> {
  const test = 'node -e "setInterval(() => {}, 300000)"';
  const { stepFunctions, machine } = deployment;
  const timed = await onBranch('timed', { test });
  const taskToken = await awaitTest(run, deployment, timed);
  // As the state machine ends the state when its time is over.
  await stepFunctions.send(new SendTaskFailureCommand({ taskToken, error: 'States.Timeout' }));
  await checkEnd(run, deployment, timed, 'States.Timeout');

  const stopped = await onBranch('stopped', { test });
  await awaitTest(run, deployment, stopped);
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:none-${stopped}`;
  await stepFunctions.send(new StopExecutionCommand({ executionArn }));
  await run.eventually('the sweep to stop the build', async () => {
    await sweep(run);
    return (await stateOfTest(deployment, stopped)) === 'STOPPED' ? true : undefined;
  });
  // The first sweep has only stopped it.
  await sweep(run);
  await checkEnd(run, deployment, stopped, 'Execution.ABORTED');
}

/** Waits for the build of the test; returns the task token that it ends. */
function awaitTest(run: ScenarioRun, { dynamodb, runsTable }: Deployment, commit: string): Promise<string> {
  const Key = { id: { S: `build#none-${commit}/test/0` } };
  return run.eventually(
    'the test',
    async () => {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
      return Item?.['buildId'] === undefined ? undefined : Item['taskToken']?.S;
    },
    { withinSeconds: 120 },
  );
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
