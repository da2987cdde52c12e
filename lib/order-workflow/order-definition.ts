import { transientLambdaErrors, type State } from '../constructs/asl';
import {
  announce,
  because,
  caught,
  invoke,
  orderId,
  retry,
  setTerminalStatus,
  tableErrors,
  type DefinitionProps,
} from './order-states';

export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/**
 * State machine of an order, from validation to a terminal state.
 *
 *     entry -> payment -> fulfillment -> confirmed
 *       |         |           |
 *       |         +-----------+-> compensation -> needs-attention
 *       |         |                    |
 *       +---------+--------------------+-> endings -> rejected, failed
 *
 * Executions carry the order's id and never the order: its content stays in the table, out of the history and the logs.
 * JSONata variables hold why the order ends: `ending`, `reason`, and whether stock may have been reserved.
 */
export function orderDefinition(props: DefinitionProps): Definition {
  return {
    Comment: 'An order from receipt to confirmation, with approval, retried payment and compensation',
    QueryLanguage: 'JSONata',
    StartAt: 'Validate the order',
    TimeoutSeconds: props.timeoutSeconds,
    States: {
      ...entry(props),
      ...payment(props),
      ...fulfillment(props),
      ...compensation(props),
      ...endings(props),
    },
  };
}

/** Receipt to payment: validation, and approval by a person for large orders. */
function entry(props: DefinitionProps): Record<string, State> {
  const { approvalThreshold } = props;
  return {
    'Validate the order': {
      ...invoke(props.validateOrder, {}),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
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
      ...invoke(props.requestApproval, { taskToken: '{% $states.context.Task.Token %}' }, '.waitForTaskToken'),
      TimeoutSeconds: props.approvalTimeoutSeconds,
      Retry: [retry([...transientLambdaErrors.filter((error) => error !== 'States.Timeout'), ...tableErrors])],
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
  };
}

/** The charge. Every outcome except a decline leaves something to compensate. */
function payment(props: DefinitionProps): Record<string, State> {
  return {
    'Charge the payment': {
      ...invoke(props.chargePayment, {}),
      // One retrier, since each counts its own attempts: three retries in all, for whatever errors.
      Retry: [{ ...retry(['PaymentUnavailableError', ...transientLambdaErrors, ...tableErrors]), MaxAttempts: 3 }],
      // After any failure the charge may have been made.
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

/** After the charge: stock, notification, and the status `confirmed`. */
function fulfillment(props: DefinitionProps): Record<string, State> {
  return {
    'Update the inventory': {
      ...invoke(props.updateInventory, { change: 'reserve' }),
      Retry: [retry(['InventoryBusyError', ...transientLambdaErrors, ...tableErrors], 5)],
      Catch: [caught('failed', 'inventory-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: true })],
      Assign: { stock: '{% $states.result.Payload.outcome %}' },
      Next: 'Was everything in stock?',
    },
    'Was everything in stock?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $stock = 'reserved' %}", Next: 'Send the confirmation' }],
      Assign: { ...because('rejected', 'out-of-stock'), stockUnknown: false },
      Default: 'Refund the payment',
    },
    'Send the confirmation': {
      ...invoke(props.sendConfirmation, { outcome: 'confirmed', reason: 'none' }),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
      // A notification that fails never undoes a paid order.
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order confirmed' }],
      Next: 'Mark the order confirmed',
    },
    'Mark the order confirmed': setTerminalStatus(props, {
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

/** Undoes what was done or may have been done: the payment first, then stock. */
function compensation(props: DefinitionProps): Record<string, State> {
  const failed = [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order as needing attention' }];
  return {
    'Refund the payment': {
      ...invoke(props.refundPayment, {}),
      Retry: [retry(['PaymentUnavailableError', ...transientLambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'May stock have been reserved?',
    },
    'May stock have been reserved?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $stockUnknown %}', Next: 'Release the stock' }],
      Default: 'Tell the customer',
    },
    'Release the stock': {
      ...invoke(props.updateInventory, { change: 'release' }),
      Retry: [retry(['InventoryBusyError', ...transientLambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'Tell the customer',
    },
    'Mark the order as needing attention': setTerminalStatus(props, {
      status: 'needs-attention',
      reason: '{% $reason %}',
      next: 'The compensation failed',
    }),
    'The compensation failed': {
      Type: 'Fail',
      Error: 'CompensationFailed',
      Cause: 'A completed step could not be undone: the order is marked needs-attention.',
    },
  };
}

/** Rejection and failure: notifies the customer, sets the status, and publishes the event. */
function endings(props: DefinitionProps): Record<string, State> {
  return {
    'Tell the customer': {
      ...invoke(props.sendConfirmation, { outcome: '{% $ending %}', reason: '{% $reason %}' }),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order ended' }],
      Next: 'Mark the order ended',
    },
    'Mark the order ended': setTerminalStatus(props, {
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
      Cause: 'A step failed permanently; completed steps were undone, and the order is marked failed.',
    },
  };
}
