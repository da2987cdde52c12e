import type { State } from '../constructs/asl';
import {
  announce,
  functionRetriers,
  invoke,
  markNotNotified,
  orderId,
  paymentRetrier,
  setStatus,
  type DefinitionProps,
} from './order-states';

/**
 * Undoes what was done or may have been done: the payment first, then stock.
 *
 * Every error is retried for as long as the payment service's: what an operator repairs meanwhile, a key or a permission, needs
 * nothing more.
 */
export function compensation(props: DefinitionProps): Record<string, State> {
  const retriers = [...functionRetriers().slice(0, 1), paymentRetrier(['States.ALL'], props.refundRetrySeconds)];
  const failed = [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order as needing attention' }];
  return {
    'Refund the payment': {
      ...invoke(props.refundPayment, {}),
      Retry: retriers,
      Catch: failed,
      Next: 'May stock have been reserved?',
    },
    'May stock have been reserved?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $stockUnknown %}', Next: 'Release the stock' }],
      Default: 'Mark the order ended',
    },
    'Release the stock': {
      ...invoke(props.updateInventory, { change: 'release' }),
      Retry: retriers,
      Catch: failed,
      Next: 'Mark the order ended',
    },
    'Mark the order as needing attention': setStatus(props, {
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

/**
 * Sets the status, publishes the event, and notifies the customer last: a daily quota of SES takes hours, in which an order
 * would otherwise have no status.
 */
export function ending(props: DefinitionProps): Record<string, State> {
  return {
    'Mark the order ended': setStatus(props, {
      status: '{% $ending %}',
      reason: '{% $reason %}',
      next: 'Announce how it ended',
    }),
    'Announce how it ended': announce(props, {
      type: "{% $ending = 'confirmed' ? 'OrderConfirmed' : $ending = 'rejected' ? 'OrderRejected' : 'OrderFailed' %}",
      detail: { orderId, status: '{% $ending %}', reason: '{% $reason %}' },
      next: 'Notify the customer',
    }),
    'Notify the customer': {
      ...invoke(props.sendConfirmation, { outcome: '{% $ending %}', reason: '{% $reason %}' }),
      Retry: functionRetriers(notificationSeconds),
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the customer as not notified' }],
      Next: 'How did it end?',
    },
    'Mark the customer as not notified': markNotNotified(props, 'How did it end?'),
    'How did it end?': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $ending = 'confirmed' %}", Next: 'The order is confirmed' },
        { Condition: "{% $ending = 'rejected' %}", Next: 'The order is rejected' },
      ],
      Default: 'The order failed',
    },
    'The order is confirmed': { Type: 'Succeed' },
    'The order is rejected': { Type: 'Succeed' },
    'The order failed': {
      Type: 'Fail',
      Error: 'OrderFailed',
      Cause: 'A step failed permanently; completed steps were undone, and the order is marked failed.',
    },
  };
}

/** Full jitter halves it on average, which is longer than the 24 hours of SES's daily quota. */
const notificationSeconds = 3 * 86_400;
