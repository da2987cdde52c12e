import type { Check } from '../shared/scenario';
import { addStock, openDeployment, readStock, waitForMilestone, waitForStatus } from './deployment';
import { shortenRetries } from './state-machine';
import { createOrder, placeOrder } from './test-orders';

export const outageProof: Check = {
  name: 'payment-outage',
  title: 'completes a charge and a refund, once each, after eight failures of the payment service',
  async run(run) {
    const deployment = openDeployment(run);
    // The number of retries stays that of the stack; only the delays are shorter.
    await shortenRetries(deployment, Infinity);
    const sku = await addStock(deployment, 'limes', 10);
    const charged = createOrder(deployment, 'charge-outage', sku, { paymentMethod: 'pm-outage' });
    const scarce = await addStock(deployment, 'limes-scarce', 0);
    const refunded = createOrder(deployment, 'refund-outage', sku, {
      paymentMethod: 'pm-refund-outage',
      items: [{ sku: scarce, quantity: 1, unitPrice: '1.00' }],
    });
    await placeOrder(deployment, charged);
    await placeOrder(deployment, refunded);

    const { status, charges, refunds } = await waitForStatus(deployment, charged.orderId);
    run.assertEqual(
      { status, charges, refunds },
      { status: 'confirmed', charges: 1, refunds: 0 },
      'charge after outage',
    );
    const rejected = await waitForStatus(deployment, refunded.orderId);
    const actual = { status: rejected.status, charges: rejected.charges, refunds: rejected.refunds };
    run.assertEqual(actual, { status: 'rejected', charges: 1, refunds: 1 }, 'refund after outage');
    await waitForMilestone(deployment, refunded.orderId, 'customer notified');
    run.assertEqual(await readStock(deployment, sku), 8, 'units left in stock');
  },
};
