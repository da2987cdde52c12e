import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { isTokenAwaited } from '../../shared/task-tokens';
import type { Run, State } from '../run';

export type TasksClient = Pick<SFNClient, 'send'>;

/** Result of a task: what it returns, or why it failed. */
export type TaskResult = { readonly output: object } | { readonly error: string; readonly cause: string };

/** Ends a task; returns false if nothing waits for the token. Needs `states:SendTaskSuccess` and `SendTaskFailure`. */
export async function endTask(client: TasksClient, taskToken: string, result: TaskResult): Promise<boolean> {
  if ('output' in result) {
    const output = JSON.stringify(result.output);
    return isTokenAwaited(client.send(new SendTaskSuccessCommand({ taskToken, output })));
  }
  return isTokenAwaited(client.send(new SendTaskFailureCommand({ taskToken, ...result })));
}

/** Starts the execution of a run, named after it: once, however often it is called. Needs `states:StartExecution`. */
export async function startExecution(client: TasksClient, stateMachineArn: string, run: Run): Promise<void> {
  const state: State = { run, round: 0 };
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name: run.id, input: JSON.stringify(state) }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}

/** Status of a run's execution, or undefined if there is none. Needs `states:DescribeExecution`. */
export async function executionStatus(
  client: TasksClient,
  stateMachineArn: string,
  runId: string,
): Promise<string | undefined> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${runId}`;
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}
