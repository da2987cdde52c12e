import { orderDefinition } from '../../../lib/order-workflow/order-definition';
import type { State } from '../../../lib/constructs/asl';

const { StartAt, States } = orderDefinition({
  validateOrder: 'ValidateOrder',
  requestApproval: 'RequestApproval',
  chargePayment: 'ChargePayment',
  updateInventory: 'UpdateInventory',
  refundPayment: 'RefundPayment',
  sendConfirmation: 'SendConfirmation',
  ordersTableName: 'Orders',
  eventBusName: 'OrderEvents',
  approvalThreshold: 10,
  approvalTimeoutSeconds: 86_400,
  timeoutSeconds: 90_000,
});

/** A state fails with this error, again each time that it is tried again, and the machine goes on there. */
interface Failure {
  readonly error: string;
  readonly next: string;
}

/** The choices and failures of each path; everything between them follows by itself. */
export const paths: Readonly<Record<string, readonly (string | Failure)[]>> = {
  confirmed: ['Charge the payment', 'Update the inventory', 'Send the confirmation'],
  'confirmed after approval': [
    'Ask for approval',
    'Charge the payment',
    'Update the inventory',
    'Send the confirmation',
  ],
  'rejected as invalid': ['Tell the customer', 'The order is rejected'],
  'rejected by an approver': ['Ask for approval', 'Tell the customer', 'The order is rejected'],
  'payment declined': ['Charge the payment', 'Tell the customer', 'The order is rejected'],
  'approval not answered': [
    'Ask for approval',
    { error: 'States.Timeout', next: 'Tell the customer' },
    'The order is rejected',
  ],
  'payment never answered': [
    'Charge the payment',
    { error: 'PaymentUnavailable', next: 'Refund the payment' },
    'Tell the customer',
    'The order failed',
  ],
  'stock never answered': [
    'Charge the payment',
    'Update the inventory',
    { error: 'InventoryBusy', next: 'Refund the payment' },
    'Give the stock back',
    'Tell the customer',
    'The order failed',
  ],
  'out of stock': [
    'Charge the payment',
    'Update the inventory',
    'Refund the payment',
    'Tell the customer',
    'The order is rejected',
  ],
};

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
}

/** The states of a path, one that fails as often as it is tried: each try is a transition that is billed. */
export function walk(turns: readonly (string | Failure)[]): State[] {
  const visited: State[] = [];
  const waiting = [...turns];
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`no state '${name}': the definition has changed, and this bench with it`);
    visited.push(state);
    const [turn] = waiting;
    if (typeof turn === 'object' && state.Type === 'Task') {
      const { MaxAttempts = 0 } = retrierOf(state, turn.error) ?? {};
      visited.push(...Array.from({ length: MaxAttempts }, () => state));
      name = turn.next;
      waiting.shift();
      continue;
    }
    if (state.Type === 'Choice') {
      name = typeof turn === 'string' ? turn : undefined;
      waiting.shift();
    } else name = state['Next'] as string | undefined;
    // A turn that the machine takes by itself was named for the reader.
    if (name === waiting[0]) waiting.shift();
  }
  const last = visited.at(-1)?.Type;
  if (last !== 'Succeed' && last !== 'Fail')
    throw new Error(`the path ${JSON.stringify(turns)} has no end: name its turns`);
  return visited;
}

function retrierOf(state: State, error: string): Retrier | undefined {
  const retriers = (state['Retry'] ?? []) as readonly Retrier[];
  return retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error));
}
