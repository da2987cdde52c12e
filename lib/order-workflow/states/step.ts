import { integration, retry as retryUpTo, type State } from '../../constructs/asl';

/** What the definition calls, by ARN or by name. */
export interface DefinitionProps {
  readonly validateOrder: string;
  readonly requestApproval: string;
  readonly chargePayment: string;
  readonly updateInventory: string;
  readonly refundPayment: string;
  readonly sendConfirmation: string;
  readonly ordersTableName: string;
  readonly eventBusName: string;
  readonly approvalThreshold: number;
  readonly approvalTimeoutSeconds: number;
  /** Longest that the machine may take: longer than the approval. */
  readonly timeoutSeconds: number;
}

/** Longer than any of the functions is given, so that a function's own error is seen before this. */
export const taskSeconds = 20;

/** What DynamoDB answers with, under the names that the functions' SDK gives it, when trying again helps. */
export const tableErrors = [
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  'TimeoutError',
];

/** The order's id, which is all that executions carry. */
export const orderId = '{% $states.context.Execution.Input.orderId %}';

/** Why an order ends, for the states that tell and mark it. */
export function because(ending: 'rejected' | 'failed', reason: string): Record<string, string> {
  return { ending, reason };
}

/** Goes on elsewhere after an error, and remembers why the order ends. */
export function caught(
  ending: 'rejected' | 'failed',
  reason: string,
  next: string,
  errors = ['States.ALL'],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ErrorEquals: errors, Assign: { ...because(ending, reason), ...more }, Next: next };
}

/** Retrier whose waits grow to 20 seconds. */
export function retry(errors: readonly string[], maxAttempts = 3): object {
  return retryUpTo(errors, { maxAttempts, maxDelaySeconds: 20 });
}

/** Calls a function with the order's id; `callback` is the suffix of the resource that waits for a task token. */
export function invoke(functionArn: string, payload: object, callback = ''): State {
  return {
    Type: 'Task',
    Resource: integration(`lambda:invoke${callback}`),
    Arguments: { FunctionName: functionArn, Payload: { orderId, ...payload } },
    TimeoutSeconds: taskSeconds,
    // The next state needs the variables alone; without this it would be handed the answer of Lambda.
    Output: {},
  };
}
