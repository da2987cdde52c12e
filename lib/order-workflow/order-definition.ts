import type { State } from '../constructs/asl';
import { compensation, ending } from './order-endings';
import {
  approvalGraceSeconds,
  because,
  caught,
  functionRetriers,
  invoke,
  longestSeconds,
  paymentRetrier,
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
 *     entry -> payment -> inventory ---------------+
 *       |         |           |                    |
 *       |         +-----------+-> compensation ----|-> needs-attention
 *       |         |                    |           |
 *       +---------+--------------------+-----------+-> ending -> confirmed, rejected, failed
 *
 * Executions carry the order's id and never the order: its content stays in the table, out of the history and the logs.
 * JSONata variables hold how and why the order ends: `ending`, `reason`, and whether stock may have been reserved.
 *
 * Waiting is free in a Standard workflow, so an outage is retried for hours before an operator is needed. The timeout of an
 * execution is longer than all retries together.
 */
export function orderDefinition(props: DefinitionProps): Definition {
  const States = { ...entry(props), ...payment(props), ...inventory(props), ...compensation(props), ...ending(props) };
  return {
    Comment: 'An order from receipt to confirmation, with approval, retried payment and compensation',
    QueryLanguage: 'JSONata',
    StartAt: 'Validate the order',
    TimeoutSeconds: Object.values(States).reduce((sum, state) => sum + longestSeconds(state), 0),
    States,
  };
}

/** Longest time in seconds that an order may be `received`: until its status is set, without the wait for approval. */
export function longestReceivedSeconds(props: DefinitionProps): number {
  const { TimeoutSeconds, States } = orderDefinition(props);
  const afterStatus = ['Announce how it ended', 'Notify the customer', 'Mark the customer as not notified'];
  const seconds = afterStatus.reduce((sum, name) => sum + longestSeconds(States[name] ?? { Type: 'Pass' }), 0);
  return TimeoutSeconds - seconds - props.approvalTimeoutSeconds - approvalGraceSeconds;
}

/** Receipt to payment: validation, and approval by a person for large orders. */
function entry(props: DefinitionProps): Record<string, State> {
  const { approvalThreshold, approvalTimeoutSeconds } = props;
  return {
    'Validate the order': {
      ...invoke(props.validateOrder, {}),
      Retry: functionRetriers(),
      Catch: [caught('failed', 'validation-failed', 'Mark the order ended')],
      Assign: { units: '{% $states.result.Payload.units %}', valid: '{% $states.result.Payload.valid %}' },
      Next: 'What does the order need first?',
    },
    'What does the order need first?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $not($valid) %}', Assign: because('rejected', 'invalid-order'), Next: 'Mark the order ended' },
        { Condition: `{% $units > ${approvalThreshold} %}`, Next: 'Ask for approval' },
      ],
      Default: 'Charge the payment',
    },
    'Ask for approval': {
      ...invoke(
        props.requestApproval,
        { taskToken: '{% $states.context.Task.Token %}', timeoutSeconds: approvalTimeoutSeconds },
        '.waitForTaskToken',
      ),
      // A decision that the table accepted in its last second still arrives in time.
      TimeoutSeconds: approvalTimeoutSeconds + approvalGraceSeconds,
      // The timeout of this state ends the wait for a person, and is not an error of the function.
      Retry: functionRetriers().map((retrier) => ({
        ...retrier,
        ErrorEquals: retrier.ErrorEquals.filter((error) => error !== 'States.Timeout'),
      })),
      Catch: [
        caught('rejected', 'approval-expired', 'Mark the order ended', ['States.Timeout']),
        caught('failed', 'approval-failed', 'Mark the order ended'),
      ],
      Assign: { decision: '{% $states.result.decision %}' },
      Next: 'Was it approved?',
    },
    'Was it approved?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $decision = 'approve' %}", Next: 'Charge the payment' }],
      Assign: because('rejected', 'approval-refused'),
      Default: 'Mark the order ended',
    },
  };
}

/** The charge. Every outcome except a decline leaves something to compensate. */
function payment(props: DefinitionProps): Record<string, State> {
  return {
    'Charge the payment': {
      ...invoke(props.chargePayment, {}),
      Retry: [paymentRetrier(['PaymentUnavailableError'], props.chargeRetrySeconds), ...functionRetriers()],
      // After any failure the charge may have been made.
      Catch: [caught('failed', 'payment-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: false })],
      Assign: { charge: '{% $states.result.Payload.outcome %}' },
      Next: 'Was the payment taken?',
    },
    'Was the payment taken?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $charge = 'charged' %}", Next: 'Update the inventory' }],
      Assign: because('rejected', 'payment-declined'),
      Default: 'Mark the order ended',
    },
  };
}

/** Reservation of stock for a charged order. */
function inventory(props: DefinitionProps): Record<string, State> {
  return {
    'Update the inventory': {
      ...invoke(props.updateInventory, { change: 'reserve' }),
      Retry: functionRetriers(),
      Catch: [caught('failed', 'inventory-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: true })],
      Assign: { stock: '{% $states.result.Payload.outcome %}' },
      Next: 'Was everything in stock?',
    },
    'Was everything in stock?': {
      Type: 'Choice',
      Choices: [
        {
          Condition: "{% $stock = 'reserved' %}",
          Assign: because('confirmed', 'none'),
          Next: 'Mark the order ended',
        },
      ],
      Assign: { ...because('rejected', 'out-of-stock'), stockUnknown: false },
      Default: 'Refund the payment',
    },
  };
}
