import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { addStock, openDeployment, readStock, terminalStatuses, waitForStatus } from './deployment';
import { shortenRetries } from './state-machine';
import { createOrder, sendOrder } from './test-orders';

const count = 200;

/** Ten percent of the orders each; the others are paid with `pm-visa`. */
const paymentMethods = ['pm-declined', 'pm-timeout-once', 'pm-unavailable', 'pm-slow', 'pm-crash-once'];

const skuCount = 10;
const plenty = 1_000;
const scarce = 15;

export const loadProof: Check = {
  name: 'two-hundred-at-once',
  title: `keeps money and stock exact for ${count} orders, a fifth of them sent twice at the same time`,
  alone: true,
  async run(run) {
    const deployment = openDeployment(run);
    await shortenRetries(deployment, 4);
    // The last SKU is scarce, so that some orders are refunded.
    const stock = Array.from({ length: skuCount }, (_, index) => (index === skuCount - 1 ? scarce : plenty));
    const skus = await Promise.all(stock.map((units, index) => addStock(deployment, `sku-${index}`, units)));
    const placed = Array.from({ length: count }, (_, index) => {
      const sku = skus[Math.floor(run.random() * skus.length)] ?? '';
      const paymentMethod = paymentMethods[index % 10] ?? 'pm-visa';
      const items = [{ sku, quantity: 1 + Math.floor(run.random() * 3), unitPrice: '7.35' }];
      return createOrder(deployment, `load-${index}`, sku, { paymentMethod, items });
    });
    const began = Date.now();
    // More would start an execution environment for each call of each order on the emulator's machine.
    const concurrency = run.faults === undefined ? count : 16;
    const orders = await run.step(`process ${count} orders, ${concurrency} at once`, () =>
      pMap(
        placed,
        async (order, index) => {
          const times = index % 5 === 0 ? 2 : 1;
          const receipts = await Promise.all(Array.from({ length: times }, () => sendOrder(deployment, order)));
          return { receipts, state: await waitForStatus(deployment, order.orderId, terminalStatuses, 420) };
        },
        { concurrency },
      ),
    );
    const seconds = (Date.now() - began) / 1_000;
    const receipts = orders.flatMap((order) => order.receipts);
    const states = orders.map(({ state }) => state);
    run.metric(
      'retried after an error',
      receipts.reduce((sum, { retries }) => sum + retries, 0),
      'times',
    );
    const refused = receipts.filter(({ value }) => value['status'] !== 'received');
    run.assert(refused.length === 0, 'every order is received, repeated ones too', JSON.stringify(refused[0]));
    const executions = new Set(receipts.map(({ value }) => String(value['executionArn'])));
    run.assertEqual(executions.size, count, 'executions');

    run.metric('from the first receipt to the last terminal status', Math.round(seconds), 's');
    run.metric('orders', Number((count / seconds).toFixed(1)), 'a second');
    const confirmed = states.filter(({ status }) => status === 'confirmed');
    const durations = confirmed.map((one) => one.seconds).sort((one, other) => one - other);
    const p99 = durations[Math.ceil(durations.length * 0.99) - 1] ?? Number.NaN;
    run.metric('p99 from receipt to confirmation', Number(p99.toFixed(1)), 's');
    for (const status of terminalStatuses) {
      run.metric(status, states.filter((one) => one.status === status).length, 'orders');
    }
    const charges = states.reduce((sum, one) => sum + one.charges, 0);
    const refunds = states.reduce((sum, one) => sum + one.refunds, 0);
    run.assertEqual(charges - refunds, confirmed.length, 'charges minus refunds equal the confirmed orders');
    const single = states.every((one) => one.charges <= 1 && one.refunds <= 1);
    run.assert(single, 'no order is charged or refunded twice');
    run.assert(!states.some((one) => one.status === 'needs-attention'), 'no order needs attention');
    for (const [index, sku] of skus.entries()) {
      const reserved = placed
        .filter((order, at) => states[at]?.status === 'confirmed' && order.items[0]?.sku === sku)
        .reduce((sum, order) => sum + (order.items[0]?.quantity ?? 0), 0);
      run.assertEqual(await readStock(deployment, sku), (stock[index] ?? 0) - reserved, `units left of SKU ${index}`);
    }
  },
};
