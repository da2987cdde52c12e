import type { Check } from '../shared/scenario';
import { awaitStatus, availableOf, openDeployment, place, stock } from './deployment';
import { decideAsExpected, kinds } from './kinds';

const unitsInStock = 100;

/** One order of each kind at once, and what became of the orders, the money and the stock. */
export const smokeTest: Check = {
  name: 'one-of-each-kind',
  title: 'one order of each kind ends as it has to, with exactly its charge, its refund and its stock',
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'apples', unitsInStock);
    await stock(deployment, 'apples-scarce', 0);
    const placed = kinds.map((kind) => ({ kind, order: kind.order(deployment, sku) }));

    await run.step(`place ${placed.length} orders`, () =>
      Promise.all(placed.map(({ order }) => place(deployment, order))),
    );
    await run.step('decide on the large ones', () =>
      Promise.all(placed.map(({ kind, order }) => decideAsExpected(deployment, kind, order.orderId))),
    );
    const timesTold: Record<string, number> = {};
    await run.step('wait for their ends', async () => {
      for (const { kind, order } of placed) {
        const { taken: _, ...expected } = kind.expected;
        const ends = ['confirmed', 'rejected', 'failed', 'needs-attention'];
        const { milestones, ...found } = await awaitStatus(deployment, order.orderId, ends);
        const detail = `${JSON.stringify(found)} after ${milestones.join(', ')}`;
        const same = Object.entries(expected).every(([name, value]) => found[name as keyof typeof found] === value);
        timesTold[kind.name] = milestones.filter((milestone) => milestone === 'customer told').length;
        run.assert(same, `the order ${kind.name} is ${expected.status} (${expected.reason})`, detail);
      }
    });
    const isToldOnce = Object.values(timesTold).every((times) => times === 1);
    run.assert(isToldOnce, 'each customer is told the outcome, once', JSON.stringify(timesTold));
    const taken = kinds.reduce((sum, { expected }) => sum + expected.taken, 0);
    const left = await availableOf(deployment, sku);
    run.assert(left === unitsInStock - taken, `exactly ${taken} units were taken from stock`, `${left} are left`);
  },
};
