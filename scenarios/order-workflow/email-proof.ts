import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Check } from '../shared/scenario';
import { useSesSandbox, verifyIdentity } from '../shared/ses-sandbox';
import { addStock, openDeployment, readItem, waitForMilestone, waitForStatus, type Deployment } from './deployment';
import { runOperation } from './run-operation';
import { createOrder, placeOrder } from './test-orders';

/** Sender of the variant that this proof belongs to. */
export const senderEmail = 'shop@orders.example.com';

export const emailProof: Check = {
  name: 'email',
  title: 'emails customers from the sandbox of SES, and keeps orders whose email SES refuses until it is sent',
  // It sets the account's access to SES, which no check may do in a real account.
  needs: 'faults',
  async run(run) {
    const deployment = openDeployment(run);
    const ses = new SESv2Client({});
    await useSesSandbox(run, ses);
    const sku = await addStock(deployment, 'dates', 100);
    const refusedSender = await run.step('the sender is not verified', () => placeRefused(deployment, 'sender', sku));
    await verifyIdentity(run, ses, 'orders.example.com');
    const refusedRecipient = await run.step('the recipient is not', () => placeRefused(deployment, 'recipient', sku));
    await verifyIdentity(run, ses, `${run.runId}@example.com`);
    await run.step('both are verified', async () => {
      const order = createOrder(deployment, 'verified', sku);
      await placeOrder(deployment, order);
      await waitForMilestone(deployment, order.orderId, 'customer notified');
    });
    await run.step('notify those that were refused', async () => {
      for (const orderId of [refusedSender, refusedRecipient]) {
        await runOperation(run, 'orders <order id> --notify', orderId);
        await waitForMilestone(deployment, orderId, 'customer notified');
      }
    });
    run.assert(true, 'every customer is notified in the end');
  },
};

/** Places an order that is confirmed although SES answers `MessageRejected`; returns its id. */
async function placeRefused(deployment: Deployment, name: string, sku: string): Promise<string> {
  const { run } = deployment;
  const order = createOrder(deployment, name, sku);
  await placeOrder(deployment, order);
  const { status, charges } = await waitForStatus(deployment, order.orderId);
  run.assertEqual({ status, charges }, { status: 'confirmed', charges: 1 }, 'order whose email is refused');
  const Key = { orderId: { S: order.orderId } };
  await run.eventually('the order to be marked', async () => {
    const { watch } = await readItem(deployment, 'OrdersTableName', Key);
    return watch?.S === 'not-notified' ? true : undefined;
  });
  return order.orderId;
}
