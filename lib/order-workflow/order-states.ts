import {
  integration,
  longestRetrySeconds,
  never,
  retryFor,
  transientLambdaErrors,
  type Retrier,
  type State,
} from '../constructs/asl';

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
  readonly chargeRetrySeconds: number;
  readonly refundRetrySeconds: number;
}

/** Longer than the timeout of any function, so that a function's own error is seen first. */
const taskSeconds = 20;

/** Time that a decision has to arrive after the request has expired in its table: longer than DecideApproval's timeout. */
export const approvalGraceSeconds = 60;

const hour = 3_600;

/** Id of the order; with the generation, the only content of an execution's input. */
export const orderId = '{% $states.context.Execution.Input.orderId %}';
const generation = '{% $states.context.Execution.Input.generation %}';

/** Variables that say how and why an order ends, for the states that set the status, publish it and notify the customer. */
export function because(ending: 'confirmed' | 'rejected' | 'failed', reason: string): Record<string, string> {
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

/**
 * Retriers of every function: throttling and busy services for hours, a failure of the function itself a few times.
 *
 * Throttled by Lambda, a function has not run, so these attempts are counted apart from those of the work.
 */
export function functionRetriers(busySeconds = 4 * hour): Retrier[] {
  const throttled = 'Lambda.TooManyRequestsException';
  return [
    retryFor([throttled, 'ServiceBusyError'], { seconds: busySeconds, intervalSeconds: 2, maxDelaySeconds: 300 }),
    retryFor(
      transientLambdaErrors.filter((error) => error !== throttled),
      { seconds: 60, intervalSeconds: 1, maxDelaySeconds: 20 },
    ),
  ];
}

/** Retrier for an outage of the payment service. Without jitter, so that the time is the configured one. */
export function paymentRetrier(errors: readonly string[], seconds: number): Retrier {
  return retryFor(errors, { seconds, intervalSeconds: 5, maxDelaySeconds: 900, jitter: 'NONE' });
}

/** Task that invokes a function with the order's id; `callback` is the resource suffix that waits for a task token. */
export function invoke(functionArn: string, payload: object, callback = ''): State {
  return {
    Type: 'Task',
    Resource: integration(`lambda:invoke${callback}`),
    Arguments: { FunctionName: functionArn, Payload: { orderId, generation, ...payload } },
    TimeoutSeconds: taskSeconds,
    // The next state needs the variables alone; otherwise its input would be the response of Lambda.
    Output: {},
  };
}

/** Retriers of a service integration, whose call is repeatable: an operator has an hour to repair a permission or a table. */
const integrationRetriers = [
  never(['DynamoDB.ConditionalCheckFailedException']),
  retryFor(['States.ALL'], { seconds: hour, intervalSeconds: 1, maxDelaySeconds: 60 }),
];

const enteredTime = '{% $states.context.State.EnteredTime %}';

/** The order is in no other terminal state, and this is its current execution. */
const isCurrent =
  '#status IN (:status, :received, :awaiting, :needsAttention) AND (attribute_not_exists(generation) OR generation = :generation)';

/**
 * Sets an order's status with a DynamoDB service integration.
 *
 * Conditional and repeatable: an order in another terminal state keeps it. `needs-attention` may still change, once an
 * operator has repaired the order.
 */
export function setStatus(props: DefinitionProps, to: { status: string; reason: string; next: string }): State {
  const needsAttention = to.status === 'needs-attention';
  const index = needsAttention ? ', watch = :status, watchedSince = :at' : ' REMOVE watch, watchedSince';
  return {
    Type: 'Task',
    Resource: integration('dynamodb:updateItem'),
    Arguments: {
      TableName: props.ordersTableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: `SET #status = :status, reason = :reason, timeline.#status_is = if_not_exists(timeline.#status_is, :entry)${index}`,
      ConditionExpression: isCurrent,
      ExpressionAttributeNames: { '#status': 'status', '#status_is': to.status },
      ExpressionAttributeValues: {
        ':status': { S: to.status },
        ':reason': { S: to.reason },
        ':entry': { M: { at: { S: enteredTime }, detail: { S: to.reason } } },
        ':received': { S: 'received' },
        ':awaiting': { S: 'awaiting-approval' },
        ':needsAttention': { S: 'needs-attention' },
        ':generation': { N: '{% $string($states.context.Execution.Input.generation) %}' },
        ...(needsAttention ? { ':at': { S: enteredTime } } : {}),
      },
    },
    TimeoutSeconds: taskSeconds,
    Retry: integrationRetriers,
    Output: {},
    Next: to.next,
  };
}

/** Adds an order to the index `watched` as `not-notified`, unless its customer was notified after all. */
export function markNotNotified(props: DefinitionProps, next: string): State {
  return {
    Type: 'Task',
    Resource: integration('dynamodb:updateItem'),
    Arguments: {
      TableName: props.ordersTableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET watch = :watch, watchedSince = :at',
      ConditionExpression: 'attribute_exists(orderId) AND attribute_not_exists(notifiedOutcome)',
      ExpressionAttributeValues: { ':watch': { S: 'not-notified' }, ':at': { S: enteredTime } },
    },
    TimeoutSeconds: taskSeconds,
    Retry: integrationRetriers,
    Catch: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: next }],
    Output: {},
    Next: next,
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
    Retry: integrationRetriers.slice(-1),
    Output: {},
    Next: event.next,
  };
}

/** Longest time of a state in seconds: one attempt and every retry, as if each of its errors occurred. */
export function longestSeconds(state: State): number {
  const { TimeoutSeconds = 0, Retry = [] } = state as { TimeoutSeconds?: number; Retry?: readonly Partial<Retrier>[] };
  const retriers = Retry.filter((one): one is Retrier => one.IntervalSeconds !== undefined);
  const retries = retriers.map((retrier) => longestRetrySeconds(retrier, taskSeconds));
  return retries.reduce((sum, seconds) => sum + seconds, TimeoutSeconds);
}
