/**
 * What Step Functions bills for an order on each path: state transitions, and the functions invoked, against the same flow
 * with a function for each task.
 *
 * Counted on the definition itself; without retries, each of which is one transition more. Orders per second and the p99 from
 * receipt to confirmation are figures of the proof `two-hundred-at-once` (`npm run prove -- order-workflow`).
 */
import { orderDefinition } from '../lib/order-workflow/order-definition';
import type { State } from '../lib/order-workflow/states/step';

const { StartAt, States } = orderDefinition({
  partition: 'aws',
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

/** US dollars of one transition, us-east-1, price list of November 2026. */
const dollars = 0.000_025;

/** The choices and catches of each path; everything between them follows by itself. */
const paths: Readonly<Record<string, readonly string[]>> = {
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
  'out of stock': [
    'Charge the payment',
    'Update the inventory',
    'Refund the payment',
    'Tell the customer',
    'The order is rejected',
  ],
};

function walk(turns: readonly string[]): State[] {
  const visited: State[] = [];
  const waiting = [...turns];
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`no state '${name}': the definition has changed, and this bench with it`);
    visited.push(state);
    name = state.Type === 'Choice' ? waiting.shift() : (state['Next'] as string | undefined);
    // A turn that the machine takes by itself was named for the reader.
    if (name === waiting[0]) waiting.shift();
  }
  return visited;
}

console.table(
  Object.entries(paths).map(([path, turns]) => {
    const visited = walk(turns);
    const tasks = visited.filter(({ Type }) => Type === 'Task');
    const functions = tasks.filter((task) => String(task['Resource']).includes(':lambda:')).length;
    return {
      path,
      transitions: visited.length,
      'dollars a million': Math.round(visited.length * dollars * 1_000_000),
      functions,
      'functions, one for each task': tasks.length,
    };
  }),
);
