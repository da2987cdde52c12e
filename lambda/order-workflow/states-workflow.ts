import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Deliver } from './approval';
import { requestLimits } from '../shared/request-limits';

export type Sfn = Pick<SFNClient, 'send'>;

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToStates(): SFNClient {
  return new SFNClient(requestLimits);
}

/**
 * Starts the execution that is named after the order, if there is none. Needs `states:StartExecution`.
 *
 * @returns the ARN of the execution, started now or before
 */
export async function startExecution(client: Sfn, stateMachineArn: string, orderId: string): Promise<string> {
  try {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: orderId, input: JSON.stringify({ orderId }) }),
    );
    if (executionArn !== undefined) return executionArn;
  } catch (error) {
    // Another execution of this name has run, and it is this order's: the same order, received twice at once.
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
}

/** What a token is refused with once nobody waits for it: timed out, answered before, or its execution has ended. */
const gone = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** Needs `states:SendTaskSuccess`. */
export function deliverTo(client: Sfn): Deliver {
  return async (taskToken, decision, approver) => {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ decision, approver }) }));
      return true;
    } catch (error) {
      if (error instanceof Error && gone.includes(error.name)) return false;
      throw error;
    }
  };
}
