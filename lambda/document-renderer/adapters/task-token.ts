import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';

export type TokenClient = Pick<SFNClient, 'send'>;

/** Errors for a token that no state waits for: timed out, used before, or its execution has ended. */
const voidTokenErrors = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** Returns whether a state still waits for the token. */
export function isAwaited(client: TokenClient, taskToken: string): Promise<boolean> {
  return accepted(client.send(new SendTaskHeartbeatCommand({ taskToken })));
}

/** Reports the outcome; false if no state waits for it. */
export function succeed(client: TokenClient, taskToken: string, output: object): Promise<boolean> {
  return accepted(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
}

/** Reports a failure; false if no state waits for it. */
export function fail(client: TokenClient, taskToken: string, error: string, cause: string): Promise<boolean> {
  return accepted(client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, 1_000) })));
}

async function accepted(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Error && voidTokenErrors.includes(error.name)) return false;
    throw error;
  }
}
