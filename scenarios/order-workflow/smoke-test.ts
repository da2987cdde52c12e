import type { Check } from '../shared/scenario';
import { addStock, openDeployment, readStock, waitForMilestone, waitForStatus } from './deployment';
import { decideByKind, orderKinds } from './order-kinds';
import { readEndedPath, readStateMachine } from './state-machine';
import { placeOrder } from './test-orders';

const unitsInStock = 100;

export const smokeTest: Check = {
  name: 'one-of-each-kind',
  expectedErrors: ['PaymentUnavailableError'],
  title: 'one order of each kind reaches its expected status, charges, refunds and stock',
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'apples', unitsInStock);
    await addStock(deployment, 'apples-scarce', 0);
    const placed = orderKinds.map((kind) => ({ kind, order: kind.order(deployment, sku) }));

    await run.step(`place ${placed.length} orders`, () =>
      Promise.all(placed.map(({ order }) => placeOrder(deployment, order))),
    );
    await run.step('decide on the large orders', () =>
      Promise.all(placed.map(({ kind, order }) => decideByKind(deployment, kind, order.orderId))),
    );
    const notifications: Record<string, number> = {};
    await run.step('wait for terminal statuses', async () => {
      for (const { kind, order } of placed) {
        const { status, reason, charges, refunds } = kind.expected;
        await waitForStatus(deployment, order.orderId);
        const state = await waitForMilestone(deployment, order.orderId, 'customer notified');
        const actual = { status: state.status, reason: state.reason, charges: state.charges, refunds: state.refunds };
        run.assertEqual(actual, { status, reason, charges, refunds }, `order ${kind.name}`);
        notifications[kind.name] = state.milestones.filter((milestone) => milestone === 'customer notified').length;
      }
    });
    const stateMachine = await readStateMachine(run, deployment.sfn);
    await run.step('read the paths of the orders', async () => {
      for (const { kind, order } of placed) {
        run.path(kind.name, await readEndedPath(deployment, stateMachine, order.orderId));
      }
    });
    const notifiedOnce = Object.values(notifications).every((times) => times === 1);
    run.assert(notifiedOnce, 'each customer is notified of the outcome once', JSON.stringify(notifications));
    const reserved = orderKinds.reduce((sum, { expected }) => sum + expected.reserved, 0);
    run.assertEqual(await readStock(deployment, sku), unitsInStock - reserved, 'units left in stock');
  },
};
