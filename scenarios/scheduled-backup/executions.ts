import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type DescribeExecutionOutput,
} from '@aws-sdk/client-sfn';
import type { BackupRequest, RestoreRequest } from '../../lambda/scheduled-backup/requests';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** How long a check waits for an execution, in seconds: generous, since it goes by the target's speed. */
const patience = 1_200;

/** Starts a backup of a day (in the schedule's time zone UTC), and gives the execution's ARN. */
export async function startBackup(from: Deployment, day: string, more: Partial<BackupRequest> = {}): Promise<string> {
  const request: BackupRequest = { scheduledTime: `${day}T00:00:00Z`, ...more };
  return start(from, from.backupMachine, request);
}

export async function startRestore(from: Deployment, request: RestoreRequest): Promise<string> {
  return start(from, from.restoreMachine, request);
}

async function start({ stepFunctions }: Deployment, stateMachineArn: string, request: object): Promise<string> {
  const started = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(request) }),
  );
  return started.executionArn ?? '';
}

/** Cuts an execution off; whether there was something to stop. */
export async function stopExecution({ stepFunctions }: Deployment, executionArn: string): Promise<boolean> {
  try {
    await stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'cut off by the scenario' }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException') return false;
    throw error;
  }
}

/** Waits until an execution has ended, however it did. */
export async function ended(
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
    { withinSeconds: patience, everyMilliseconds: 500 },
  );
}

/** Backs a day up and holds the run to its success. */
export async function backUp(run: ScenarioRun, from: Deployment, day: string): Promise<DescribeExecutionOutput> {
  return run.step(`back up as ${day}`, async () =>
    succeeded(run, await ended(run, from, await startBackup(from, day))),
  );
}

/** Restores and holds the run to its success. */
export async function restore(
  run: ScenarioRun,
  from: Deployment,
  request: RestoreRequest,
): Promise<DescribeExecutionOutput> {
  const title = `${request.dryRun === true ? 'dry run of restore' : 'restore'} ${request.day} ${request.prefix ?? ''}`;
  return run.step(title, async () => succeeded(run, await ended(run, from, await startRestore(from, request))));
}

export function succeeded(run: ScenarioRun, execution: DescribeExecutionOutput): DescribeExecutionOutput {
  const { status, error = '', cause = '' } = execution;
  run.assert(
    status === 'SUCCEEDED',
    'the execution succeeds',
    `${status ?? ''} ${error} ${cause.slice(0, 300)}`.trim(),
  );
  return execution;
}
