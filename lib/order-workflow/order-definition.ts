/** What the definition calls, by ARN or by name. */
export interface DefinitionProps {
  readonly partition: string;
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

export type State = Readonly<Record<string, unknown>> & { readonly Type: string };

export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** Longer than any of the functions is given, so that a function's own error is seen before this. */
const taskSeconds = 20;

/**
 * What Lambda and the way to it answer with when trying again helps: not running, not let in, cut off or killed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const lambdaErrors = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'States.Timeout',
];

/** What DynamoDB answers with, under the names that the functions' SDK gives it, when trying again helps. */
export const tableErrors = [
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  'TimeoutError',
];

const orderId = '{% $states.context.Execution.Input.orderId %}';

/**
 * The states of an order, from its validation to its end.
 *
 * Executions carry the order's id and never the order: what it says stays in the table, out of the history and the logs.
 * JSONata variables carry why it ends: `ending`, `reason`, and whether stock may have been taken.
 */
export function orderDefinition(props: DefinitionProps): Definition {
  return {
    Comment: 'An order from receipt to confirmation, with approval, retried payment and compensation',
    QueryLanguage: 'JSONata',
    StartAt: 'Validate the order',
    TimeoutSeconds: props.timeoutSeconds,
    States: { ...untilCharged(props), ...fulfilment(props), ...compensation(props), ...endings(props) },
  };
}

function untilCharged(props: DefinitionProps): Record<string, State> {
  const { approvalThreshold } = props;
  return {
    'Validate the order': {
      ...invoke(props, props.validateOrder, {}),
      Retry: [retry([...lambdaErrors, ...tableErrors])],
      Catch: [caught('failed', 'validation-failed', 'Tell the customer')],
      Assign: { units: '{% $states.result.Payload.units %}', valid: '{% $states.result.Payload.valid %}' },
      Next: 'What does the order need first?',
    },
    'What does the order need first?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $not($valid) %}', Assign: because('rejected', 'invalid-order'), Next: 'Tell the customer' },
        { Condition: `{% $units > ${approvalThreshold} %}`, Next: 'Ask for approval' },
      ],
      Default: 'Charge the payment',
    },
    'Ask for approval': {
      ...invoke(props, props.requestApproval, { taskToken: '{% $states.context.Task.Token %}' }, '.waitForTaskToken'),
      TimeoutSeconds: props.approvalTimeoutSeconds,
      Retry: [retry([...lambdaErrors.filter((error) => error !== 'States.Timeout'), ...tableErrors])],
      Catch: [
        caught('rejected', 'approval-expired', 'Tell the customer', ['States.Timeout']),
        caught('failed', 'approval-failed', 'Tell the customer'),
      ],
      Assign: { decision: '{% $states.result.decision %}' },
      Next: 'Was it approved?',
    },
    'Was it approved?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $decision = 'approve' %}", Next: 'Charge the payment' }],
      Assign: because('rejected', 'approval-refused'),
      Default: 'Tell the customer',
    },
    'Charge the payment': {
      ...invoke(props, props.chargePayment, {}),
      // One retrier, since each counts for itself: whatever fails, three further tries and no more.
      Retry: [{ ...retry(['PaymentUnavailable', ...lambdaErrors, ...tableErrors]), MaxAttempts: 3 }],
      // It may have happened, however it failed.
      Catch: [caught('failed', 'payment-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: false })],
      Assign: { charge: '{% $states.result.Payload.outcome %}' },
      Next: 'Was the payment taken?',
    },
    'Was the payment taken?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $charge = 'charged' %}", Next: 'Update the inventory' }],
      Assign: because('rejected', 'payment-declined'),
      Default: 'Tell the customer',
    },
  };
}

function fulfilment(props: DefinitionProps): Record<string, State> {
  return {
    'Update the inventory': {
      ...invoke(props, props.updateInventory, { change: 'take' }),
      Retry: [retry(['InventoryBusy', ...lambdaErrors, ...tableErrors], 5)],
      Catch: [caught('failed', 'inventory-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: true })],
      Assign: { stock: '{% $states.result.Payload.outcome %}' },
      Next: 'Was everything in stock?',
    },
    'Was everything in stock?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $stock = 'taken' %}", Next: 'Send the confirmation' }],
      Assign: { ...because('rejected', 'out-of-stock'), stockUnknown: false },
      Default: 'Refund the payment',
    },
    'Send the confirmation': {
      ...invoke(props, props.sendConfirmation, { outcome: 'confirmed', reason: 'none' }),
      Retry: [retry([...lambdaErrors, ...tableErrors])],
      // A failed mail never undoes a paid order.
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order confirmed' }],
      Next: 'Mark the order confirmed',
    },
    'Mark the order confirmed': mark(props, {
      status: 'confirmed',
      reason: 'none',
      next: 'Announce the confirmed order',
    }),
    'Announce the confirmed order': announce(props, {
      type: 'OrderConfirmed',
      detail: { orderId, status: 'confirmed' },
      next: 'The order is confirmed',
    }),
    'The order is confirmed': { Type: 'Succeed' },
  };
}

function compensation(props: DefinitionProps): Record<string, State> {
  const failed = [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order as needing attention' }];
  return {
    'Refund the payment': {
      ...invoke(props, props.refundPayment, {}),
      Retry: [retry(['PaymentUnavailable', ...lambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'May stock have been taken?',
    },
    'May stock have been taken?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $stockUnknown %}', Next: 'Give the stock back' }],
      Default: 'Tell the customer',
    },
    'Give the stock back': {
      ...invoke(props, props.updateInventory, { change: 'release' }),
      Retry: [retry(['InventoryBusy', ...lambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'Tell the customer',
    },
    'Mark the order as needing attention': mark(props, {
      status: 'needs-attention',
      reason: '{% $reason %}',
      next: 'The compensation failed',
    }),
    'The compensation failed': {
      Type: 'Fail',
      Error: 'CompensationFailed',
      Cause: 'What was done for the order could not be undone: it is marked needs-attention.',
    },
  };
}

function endings(props: DefinitionProps): Record<string, State> {
  return {
    'Tell the customer': {
      ...invoke(props, props.sendConfirmation, { outcome: '{% $ending %}', reason: '{% $reason %}' }),
      Retry: [retry([...lambdaErrors, ...tableErrors])],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order ended' }],
      Next: 'Mark the order ended',
    },
    'Mark the order ended': mark(props, {
      status: '{% $ending %}',
      reason: '{% $reason %}',
      next: 'Announce how it ended',
    }),
    'Announce how it ended': announce(props, {
      type: "{% $ending = 'rejected' ? 'OrderRejected' : 'OrderFailed' %}",
      detail: { orderId, status: '{% $ending %}', reason: '{% $reason %}' },
      next: 'Was it rejected?',
    }),
    'Was it rejected?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $ending = 'rejected' %}", Next: 'The order is rejected' }],
      Default: 'The order failed',
    },
    'The order is rejected': { Type: 'Succeed' },
    'The order failed': {
      Type: 'Fail',
      Error: 'OrderFailed',
      Cause: 'A step failed for good; what had been done was undone, and the order is marked failed.',
    },
  };
}

function because(ending: 'rejected' | 'failed', reason: string): Record<string, string> {
  return { ending, reason };
}

function caught(
  ending: 'rejected' | 'failed',
  reason: string,
  next: string,
  errors = ['States.ALL'],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ErrorEquals: errors, Assign: { ...because(ending, reason), ...more }, Next: next };
}

/** Waits of a second, then 2, then 4 …, at most 20, each shortened at random so that orders do not come back together. */
function retry(errors: readonly string[], MaxAttempts = 3): Record<string, unknown> {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 20,
    MaxAttempts,
    JitterStrategy: 'FULL',
  };
}

function invoke({ partition }: DefinitionProps, functionArn: string, payload: object, callback = ''): State {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke${callback}`,
    Arguments: { FunctionName: functionArn, Payload: { orderId, ...payload } },
    TimeoutSeconds: taskSeconds,
    // The next state needs the variables alone; without this it would be handed the answer of Lambda.
    Output: {},
  };
}

/**
 * Gives an order its end state, by DynamoDB itself.
 *
 * Conditional and repeatable: an order that has another end state keeps it. `needs-attention` may still end otherwise, once
 * somebody has mended it and redriven the execution.
 */
function mark(props: DefinitionProps, to: { status: string; reason: string; next: string }): State {
  const attention = to.status === 'needs-attention';
  return {
    Type: 'Task',
    Resource: `arn:${props.partition}:states:::dynamodb:updateItem`,
    Arguments: {
      TableName: props.ordersTableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: `SET #status = :status, reason = :reason, timeline.#status_is = if_not_exists(timeline.#status_is, :entry)${
        attention ? ', watch = :status, watchedSince = :at' : ' REMOVE watch, watchedSince'
      }`,
      ConditionExpression: '#status IN (:status, :received, :awaiting, :stuck)',
      ExpressionAttributeNames: { '#status': 'status', '#status_is': to.status },
      ExpressionAttributeValues: {
        ':status': { S: to.status },
        ':reason': { S: to.reason },
        ':entry': { M: { at: { S: '{% $states.context.State.EnteredTime %}' }, detail: { S: to.reason } } },
        ':received': { S: 'received' },
        ':awaiting': { S: 'awaiting-approval' },
        ':stuck': { S: 'needs-attention' },
        ...(attention ? { ':at': { S: '{% $states.context.State.EnteredTime %}' } } : {}),
      },
    },
    TimeoutSeconds: taskSeconds,
    Retry: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], MaxAttempts: 0 }, retry(['States.ALL'], 5)],
    Output: {},
    Next: to.next,
  };
}

/** Tells other systems, by EventBridge itself: the order's id and how it ended. */
function announce(props: DefinitionProps, event: { type: string; detail: object; next: string }): State {
  return {
    Type: 'Task',
    Resource: `arn:${props.partition}:states:::events:putEvents`,
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
