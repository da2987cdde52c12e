import { inLanes } from '../in-lanes';
import type { Check } from '../scenario';
import { awaitStatus, availableOf, openDeployment, orderOf, send, stock } from './deployment';

const count = 200;

/** Ten percent of the orders each; the rest is paid with `pm-visa`. */
const behaviours = ['pm-declined', 'pm-timeout-once', 'pm-unavailable', 'pm-slow', 'pm-crash-once'];

export const loadProof: Check = {
  name: 'two-hundred-at-once',
  title: `${count} orders at once, a fifth of them started twice: money and stock are exact, and no order stays without an end`,
  alone: true,
  async run(run) {
    const deployment = openDeployment(run);
    // Ten SKUs: every order takes of one; one has too little, so that some are refunded.
    const skus = await Promise.all(
      Array.from({ length: 10 }, (_, index) => stock(deployment, `sku-${index}`, index === 9 ? 15 : 1_000)),
    );
    const placed = Array.from({ length: count }, (_, index) => {
      const sku = skus[Math.floor(run.random() * skus.length)] ?? '';
      const paymentMethod = behaviours[index % 10] ?? 'pm-visa';
      const items = [{ sku, quantity: 1 + Math.floor(run.random() * 3), unitPrice: '7.35' }];
      return orderOf(deployment, `load-${index}`, sku, { paymentMethod, items });
    });
    const twice = placed.filter((_, index) => index % 5 === 0);
    const began = Date.now();
    // More at a time, and two cores spend their time on starting environments, until connections time out.
    const answers = await run.step(`place ${count} orders, ${twice.length} of them twice`, () =>
      inLanes([...placed, ...twice], 6, (order) => send(deployment, order)),
    );
    run.figure(
      'sent again after an error',
      answers.reduce((sum, { again }) => sum + again, 0),
      'times',
    );
    const refused = answers.filter(({ value }) => value['status'] !== 'received');
    run.holds(
      refused.length === 0,
      'each is received, and the second time answered as the first',
      JSON.stringify(refused[0]),
    );
    const executions = new Set(answers.map(({ value }) => String(value['executionArn'])));
    run.holds(executions.size === count, 'no order has a second execution', `${executions.size}`);

    const ends = ['confirmed', 'rejected', 'failed', 'needs-attention'];
    const standings = await run.step('wait for their ends', () =>
      inLanes(placed, 8, async ({ orderId }) => awaitStatus(deployment, orderId, ends, 420)),
    );
    const seconds = (Date.now() - began) / 1_000;
    run.figure('from the first receipt to the last end', Math.round(seconds), 's');
    run.figure('orders', Number((count / seconds).toFixed(1)), 'a second');
    const waits = standings.filter(({ status }) => status === 'confirmed').map((one) => one.seconds);
    const p99 = waits.sort((one, other) => one - other)[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN;
    run.figure('p99 from receipt to confirmation', Number(p99.toFixed(1)), 's');
    const confirmed = standings.filter(({ status }) => status === 'confirmed');
    const charges = standings.reduce((sum, one) => sum + one.charges, 0);
    const refunds = standings.reduce((sum, one) => sum + one.refunds, 0);
    for (const status of ends) run.figure(status, standings.filter((one) => one.status === status).length, 'orders');
    const money = `${charges} charges, ${refunds} refunds, ${confirmed.length} confirmed`;
    run.holds(charges - refunds === confirmed.length, 'charges minus refunds are the confirmed orders', money);
    run.holds(
      standings.every((one) => one.charges <= 1 && one.refunds <= 1),
      'no order is charged or refunded twice',
    );
    run.holds(
      standings.every((one) => one.status !== 'needs-attention'),
      'no order needs attention',
    );
    for (const [index, sku] of skus.entries()) {
      const taken = placed
        .filter((order, at) => standings[at]?.status === 'confirmed' && order.items[0]?.sku === sku)
        .reduce((sum, order) => sum + (order.items[0]?.quantity ?? 0), 0);
      const left = await availableOf(deployment, sku);
      run.holds(
        left >= 0 && left === (index === 9 ? 15 : 1_000) - taken,
        `the stock of SKU ${index} is exact`,
        `${taken} taken, ${left} left`,
      );
    }
  },
};
