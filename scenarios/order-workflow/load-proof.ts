import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { awaitStatus, availableOf, openDeployment, orderOf, send, stock } from './deployment';

const count = 200;

/** Ten percent of the orders each; the rest is paid with `pm-visa`. */
const behaviours = ['pm-declined', 'pm-timeout-once', 'pm-unavailable', 'pm-slow', 'pm-crash-once'];

export const loadProof: Check = {
  name: 'two-hundred-at-once',
  title: `${count} orders, a fifth of them started twice at the same moment: money and stock are exact, and no order stays without an end`,
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
    const ends = ['confirmed', 'rejected', 'failed', 'needs-attention'];
    const began = Date.now();
    // An emulator's machine would start an environment for each call of each order, and do nothing else.
    const atOnce = run.faults === undefined ? count : 16;
    const orders = await run.step(`bring ${count} orders to their ends, ${atOnce} at once`, () =>
      inLanes(placed, atOnce, async (order, index) => {
        const times = index % 5 === 0 ? 2 : 1;
        const answers = await Promise.all(Array.from({ length: times }, () => send(deployment, order)));
        return { answers, standing: await awaitStatus(deployment, order.orderId, ends, 420) };
      }),
    );
    const answers = orders.flatMap((order) => order.answers);
    const standings = orders.map(({ standing }) => standing);
    run.metric(
      'sent again after an error',
      answers.reduce((sum, { again }) => sum + again, 0),
      'times',
    );
    const refused = answers.filter(({ value }) => value['status'] !== 'received');
    run.assert(refused.length === 0, 'each is received, and the second time as well', JSON.stringify(refused[0]));
    const executions = new Set(answers.map(({ value }) => String(value['executionArn'])));
    run.assert(executions.size === count, 'no order has a second execution', `${executions.size}`);

    const seconds = (Date.now() - began) / 1_000;
    run.metric('from the first receipt to the last end', Math.round(seconds), 's');
    run.metric('orders', Number((count / seconds).toFixed(1)), 'a second');
    const waits = standings.filter(({ status }) => status === 'confirmed').map((one) => one.seconds);
    const p99 = waits.sort((one, other) => one - other)[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN;
    run.metric('p99 from receipt to confirmation', Number(p99.toFixed(1)), 's');
    const confirmed = standings.filter(({ status }) => status === 'confirmed');
    const charges = standings.reduce((sum, one) => sum + one.charges, 0);
    const refunds = standings.reduce((sum, one) => sum + one.refunds, 0);
    for (const status of ends) run.metric(status, standings.filter((one) => one.status === status).length, 'orders');
    const money = `${charges} charges, ${refunds} refunds, ${confirmed.length} confirmed`;
    run.assert(charges - refunds === confirmed.length, 'charges minus refunds are the confirmed orders', money);
    run.assert(
      standings.every((one) => one.charges <= 1 && one.refunds <= 1),
      'no order is charged or refunded twice',
    );
    run.assert(
      standings.every((one) => one.status !== 'needs-attention'),
      'no order needs attention',
    );
    for (const [index, sku] of skus.entries()) {
      const taken = placed
        .filter((order, at) => standings[at]?.status === 'confirmed' && order.items[0]?.sku === sku)
        .reduce((sum, order) => sum + (order.items[0]?.quantity ?? 0), 0);
      const left = await availableOf(deployment, sku);
      run.assert(
        left >= 0 && left === (index === 9 ? 15 : 1_000) - taken,
        `the stock of SKU ${index} is exact`,
        `${taken} taken, ${left} left`,
      );
    }
  },
};
