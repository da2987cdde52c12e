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
  chargeRetrySeconds: 14_400,
  refundRetrySeconds: 86_400,
});

/** A state fails with this error in every attempt; the execution continues at `next`. */
interface Failure {
  readonly error: string;
  readonly next: string;
}

/** Choices and failures of each path; the states between them follow from the definition. */
export const paths: Readonly<Record<string, readonly (string | Failure)[]>> = {
  confirmed: ['Charge the payment', 'Update the inventory', 'Mark the order ended', 'The order is confirmed'],
  'confirmed after approval': [
    'Ask for approval',
    'Charge the payment',
    'Update the inventory',
    'Mark the order ended',
    'The order is confirmed',
  ],
  'rejected as invalid': ['Mark the order ended', 'The order is rejected'],
  'rejected by an approver': ['Ask for approval', 'Mark the order ended', 'The order is rejected'],
  'payment declined': ['Charge the payment', 'Mark the order ended', 'The order is rejected'],
  'approval not answered': [
    'Ask for approval',
    { error: 'States.Timeout', next: 'Mark the order ended' },
    'The order is rejected',
  ],
  'payment never answered': [
    'Charge the payment',
    { error: 'PaymentUnavailableError', next: 'Refund the payment' },
    'Mark the order ended',
    'The order failed',
  ],
  'stock never answered': [
    'Charge the payment',
    'Update the inventory',
    { error: 'ServiceBusyError', next: 'Refund the payment' },
    'Release the stock',
    'Mark the order ended',
    'The order failed',
  ],
  'out of stock': [
    'Charge the payment',
    'Update the inventory',
    'Refund the payment',
    'Mark the order ended',
    'The order is rejected',
  ],
};

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
}

/** States of a path; a failing state is repeated for each attempt, since each is a billed transition. */
export function walkPath(choices: readonly (string | Failure)[]): State[] {
  const visited: State[] = [];
  const remaining = [...choices];
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`no state '${name}': update this bench to the definition`);
    visited.push(state);
    const [choice] = remaining;
    if (typeof choice === 'object' && state.Type === 'Task') {
      const { MaxAttempts = 0 } = retrierOf(state, choice.error) ?? {};
      visited.push(...Array.from({ length: MaxAttempts }, () => state));
      name = choice.next;
      remaining.shift();
      continue;
    }
    if (state.Type === 'Choice') {
      name = typeof choice === 'string' ? choice : undefined;
      remaining.shift();
    } else name = state['Next'] as string | undefined;
    // A choice that follows by itself is listed for the reader.
    if (name === remaining[0]) remaining.shift();
  }
  const last = visited.at(-1)?.Type;
  if (last !== 'Succeed' && last !== 'Fail')
    throw new Error(`the path ${JSON.stringify(choices)} does not end: name its choices`);
  return visited;
}

function retrierOf(state: State, error: string): Retrier | undefined {
  const retriers = (state['Retry'] ?? []) as readonly Retrier[];
  return retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error));
}
