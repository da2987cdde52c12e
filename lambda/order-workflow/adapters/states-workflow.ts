import { SendTaskSuccessCommand, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isTokenAwaited } from '../../shared/task-tokens';
import { executionName } from '../order';

export interface Workflow {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
}

/**
 * Starts an order's execution of a generation, if there is none. Needs `states:StartExecution`.
 *
 * @returns the ARN of the execution, started now or before
 */
export async function startExecution(
  { client, stateMachineArn }: Workflow,
  orderId: string,
  generation: number,
): Promise<string> {
  const name = executionName(orderId, generation);
  try {
    const input = JSON.stringify({ orderId, generation });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    if (executionArn !== undefined) return executionArn;
  } catch (error) {
    // The name is taken by this order's own execution: the order was received twice at once.
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

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
  return isTokenAwaited(
    client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ decision, approver }) })),
  );
}
