import { transientLambdaErrors, type State } from '../../constructs/asl';
import { announce, mark } from './direct';
import { because, caught, invoke, orderId, retry, tableErrors, type DefinitionProps } from './step';

/** What follows a charge: stock, the confirmation, and the end that is wanted. */
export function fulfilment(props: DefinitionProps): Record<string, State> {
  return {
    'Update the inventory': {
      ...invoke(props.updateInventory, { change: 'take' }),
      Retry: [retry(['InventoryBusy', ...transientLambdaErrors, ...tableErrors], 5)],
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
      ...invoke(props.sendConfirmation, { outcome: 'confirmed', reason: 'none' }),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
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
