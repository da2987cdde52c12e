import { SendTaskSuccessCommand, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';

export interface Workflow {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
}

/**
 * Starts the execution named after the order, if there is none. Needs `states:StartExecution`.
 *
 * @returns the ARN of the execution, started now or before
 */
export async function startExecution({ client, stateMachineArn }: Workflow, orderId: string): Promise<string> {
  try {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: orderId, input: JSON.stringify({ orderId }) }),
    );
    if (executionArn !== undefined) return executionArn;
  } catch (error) {
    // The name is taken by this order's own execution: the order was received twice at once.
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
}

/** Errors for a token that no task waits for: timed out, used before, or its execution has ended. */
const staleTokenErrors = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/**
 * Passes a decision to the state machine. Needs `states:SendTaskSuccess`.
 *
 * @returns false if no task waits for the token
 */
export async function sendDecision(
  { client }: Pick<Workflow, 'client'>,
  taskToken: string,
  { decision, approver }: { readonly decision: string; readonly approver: string },
): Promise<boolean> {
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ decision, approver }) }));
    return true;
  } catch (error) {
    if (error instanceof Error && staleTokenErrors.includes(error.name)) return false;
    throw error;
  }
}
