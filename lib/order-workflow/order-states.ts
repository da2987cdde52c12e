import { integration, retry as retryWith, type State } from '../constructs/asl';

/** Resources and settings of the definition: functions by ARN, the table and the bus by name. */
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
  /** Timeout of an execution: longer than that of the approval. */
  readonly timeoutSeconds: number;
}

/** Longer than the timeout of any function, so that a function's own error is seen first. */
const taskSeconds = 20;

/** Transient errors of DynamoDB, by the names that the SDK in the functions gives them. */
export const tableErrors = [
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  'TimeoutError',
];

/** The order's id, the only content of an execution's input. */
export const orderId = '{% $states.context.Execution.Input.orderId %}';

/** Variables that say why an order ends, for the states that notify the customer and set the status. */
export function because(ending: 'rejected' | 'failed', reason: string): Record<string, string> {
  return { ending, reason };
}

/** Catcher that goes to another state and records why the order ends. */
export function caught(
  ending: 'rejected' | 'failed',
  reason: string,
  next: string,
  errors = ['States.ALL'],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ErrorEquals: errors, Assign: { ...because(ending, reason), ...more }, Next: next };
}

/** Retrier whose delays grow to 20 seconds. */
export function retry(errors: readonly string[], maxAttempts = 3): object {
  return retryWith(errors, { maxAttempts, maxDelaySeconds: 20 });
}

/** Task that invokes a function with the order's id; `callback` is the resource suffix that waits for a task token. */
export function invoke(functionArn: string, payload: object, callback = ''): State {
  return {
    Type: 'Task',
    Resource: integration(`lambda:invoke${callback}`),
    Arguments: { FunctionName: functionArn, Payload: { orderId, ...payload } },
    TimeoutSeconds: taskSeconds,
    // The next state needs the variables alone; otherwise its input would be the response of Lambda.
    Output: {},
  };
}

/**
 * Sets an order's terminal status with a DynamoDB service integration.
 *
 * Conditional and repeatable: an order in another terminal state keeps it. `needs-attention` may still change, once an
 * operator has repaired the order and redriven the execution.
 */
export function setTerminalStatus(props: DefinitionProps, to: { status: string; reason: string; next: string }): State {
  const attention = to.status === 'needs-attention';
  return {
    Type: 'Task',
    Resource: integration('dynamodb:updateItem'),
    Arguments: {
      TableName: props.ordersTableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: `SET #status = :status, reason = :reason, timeline.#status_is = if_not_exists(timeline.#status_is, :entry)${
        attention ? ', watch = :status, watchedSince = :at' : ' REMOVE watch, watchedSince'
      }`,
      ConditionExpression: '#status IN (:status, :received, :awaiting, :needsAttention)',
      ExpressionAttributeNames: { '#status': 'status', '#status_is': to.status },
      ExpressionAttributeValues: {
        ':status': { S: to.status },
        ':reason': { S: to.reason },
        ':entry': { M: { at: { S: '{% $states.context.State.EnteredTime %}' }, detail: { S: to.reason } } },
        ':received': { S: 'received' },
        ':awaiting': { S: 'awaiting-approval' },
        ':needsAttention': { S: 'needs-attention' },
        ...(attention ? { ':at': { S: '{% $states.context.State.EnteredTime %}' } } : {}),
      },
    },
    TimeoutSeconds: taskSeconds,
    Retry: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], MaxAttempts: 0 }, retry(['States.ALL'], 5)],
    Output: {},
    Next: to.next,
  };
}

/** Publishes an event for other systems with an EventBridge service integration: the order's id, status and reason. */
export function announce(props: DefinitionProps, event: { type: string; detail: object; next: string }): State {
  return {
    Type: 'Task',
    Resource: integration('events:putEvents'),
    Arguments: {
      Entries: [
        { EventBusName: props.eventBusName, Source: 'order-workflow', DetailType: event.type, Detail: event.detail },
      ],
    },
    TimeoutSeconds: taskSeconds,
    Retry: [retry(['States.ALL'], 5)],
    Output: {},
    Next: event.next,
  };
}
