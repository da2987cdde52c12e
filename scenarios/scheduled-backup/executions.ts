import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type DescribeExecutionOutput,
} from '@aws-sdk/client-sfn';
import type { BackupRequest, RestoreRequest } from '../../lambda/scheduled-backup/requests';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Longest wait for an execution, in seconds; generous, since targets differ in speed. */
const timeoutSeconds = 1_200;

/** Starts a backup of a day (in the schedule's time zone UTC), and returns the ARN of the execution. */
export async function startBackup(
  deployment: Deployment,
  day: string,
  more: Partial<BackupRequest> = {},
): Promise<string> {
  const request: BackupRequest = { scheduledTime: `${day}T00:00:00Z`, ...more };
  return start(deployment, deployment.backupMachine, request);
}

export async function startRestore(deployment: Deployment, request: RestoreRequest): Promise<string> {
  return start(deployment, deployment.restoreMachine, request);
}

async function start({ stepFunctions }: Deployment, stateMachineArn: string, request: object): Promise<string> {
  const started = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(request) }),
  );
  return started.executionArn ?? '';
}

/** Stops an execution; returns whether it was still running. */
export async function stopExecution({ stepFunctions }: Deployment, executionArn: string): Promise<boolean> {
  try {
    await stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'stopped by the scenario' }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException') return false;
    throw error;
  }
}

/** Waits for the end of an execution, whatever its status. */
export async function waitForEnd(
  run: ScenarioRun,
  { stepFunctions }: Deployment,
  executionArn: string,
): Promise<DescribeExecutionOutput> {
  return run.eventually(
    `execution ${executionArn.slice(-12)} to end`,
    async () => {
      const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    },
    { withinSeconds: timeoutSeconds, everyMilliseconds: 500 },
  );
}

/** Backs up a day and asserts that the run succeeds. */
export async function backUp(run: ScenarioRun, deployment: Deployment, day: string): Promise<DescribeExecutionOutput> {
  return run.step(`back up as ${day}`, async () =>
    assertSucceeded(run, await waitForEnd(run, deployment, await startBackup(deployment, day))),
  );
}

/** Restores and asserts that the run succeeds. */
export async function restore(
  run: ScenarioRun,
  deployment: Deployment,
  request: RestoreRequest,
): Promise<DescribeExecutionOutput> {
  const title = `${request.dryRun === true ? 'dry run of restore' : 'restore'} ${request.day} ${request.prefix ?? ''}`;
  return run.step(title, async () =>
    assertSucceeded(run, await waitForEnd(run, deployment, await startRestore(deployment, request))),
  );
}

export function assertSucceeded(run: ScenarioRun, execution: DescribeExecutionOutput): DescribeExecutionOutput {
  const { status, error = '', cause = '' } = execution;
  run.assert(
    status === 'SUCCEEDED',
    'the execution succeeds',
    `${status ?? ''} ${error} ${cause.slice(0, 300)}`.trim(),
  );
  return execution;
}
