import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { isTokenAwaited } from '../../shared/task-tokens';

export type TokenClient = Pick<SFNClient, 'send'>;

/** Returns whether a state still waits for the token. */
export function isAwaited(client: TokenClient, taskToken: string): Promise<boolean> {
  return isTokenAwaited(client.send(new SendTaskHeartbeatCommand({ taskToken })));
}

/** Reports the outcome; false if no state waits for it. */
export function succeed(client: TokenClient, taskToken: string, output: object): Promise<boolean> {
  return isTokenAwaited(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
}

/** Reports a failure; false if no state waits for it. */
export function fail(client: TokenClient, taskToken: string, error: string, cause: string): Promise<boolean> {
  return isTokenAwaited(client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, 1_000) })));
}
