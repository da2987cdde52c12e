import type { Check } from '../shared/scenario';
import { denyActions } from './deny-actions';
import { addStock, openDeployment, readItem, waitForMilestone, waitForStatus } from './deployment';
import { runOperation } from './run-operation';
import { createOrder, placeOrder } from './test-orders';
import { countOrders } from './watch-metrics';

export const notificationProof: Check = {
  name: 'not-notified',
  title: 'counts an order whose customer could not be notified, until a command notifies the customer',
  async run(run) {
    const deployment = openDeployment(run);
    const order = createOrder(deployment, 'not-notified', await addStock(deployment, 'figs', 10));
    const watchOf = async () =>
      (await readItem(deployment, 'OrdersTableName', { orderId: { S: order.orderId } }))['watch']?.S;
    const before = await countOrders(deployment);
    const restore = await denyActions(deployment, run.output('SendConfirmationFunctionName'), {
      actions: ['sns:Publish', 'ses:SendEmail'],
    });
    await placeOrder(deployment, order);
    const { status, charges } = await waitForStatus(deployment, order.orderId);
    run.assertEqual({ status, charges }, { status: 'confirmed', charges: 1 }, 'order whose notification fails');
    await run.eventually('the order to be marked', async () =>
      (await watchOf()) === 'not-notified' ? true : undefined,
    );
    const counted = await countOrders(deployment);
    run.assertEqual(counted.NotNotified, before.NotNotified + 1, 'customers not notified');
    const listed = await runOperation(run, 'orders --list not-notified');
    run.assert(listed.includes(order.orderId), 'the order is listed', listed);
    await restore();
    await runOperation(run, 'orders <order id> --notify', order.orderId);
    await waitForMilestone(deployment, order.orderId, 'customer notified');
    run.assertEqual(await watchOf(), undefined, 'mark of the order');
    const after = await countOrders(deployment);
    run.assertEqual(after.NotNotified, before.NotNotified, 'customers not notified after the repair');
  },
};
