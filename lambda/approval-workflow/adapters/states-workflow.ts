import { SendTaskSuccessCommand, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isTokenAwaited } from '../../shared/task-tokens';

/** Starts the execution of a round, if there is none. Needs `states:StartExecution`. */
export async function startRound(
  { client, stateMachineArn }: { readonly client: Pick<SFNClient, 'send'>; readonly stateMachineArn: string },
  requestId: string,
  round: number,
): Promise<void> {
  const input = JSON.stringify({ requestId, round });
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name: `${requestId}-${round}`, input }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}

/**
 * Passes the outcome of an approval on. Needs `states:SendTaskSuccess`.
 *
 * @returns false if no task waits for the token
 */
export async function sendOutcome(
  client: Pick<SFNClient, 'send'>,
  taskToken: string,
  outcome: 'approved' | 'refused',
): Promise<boolean> {
  return isTokenAwaited(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ outcome }) })));
}
