import { disturb, holdDisturbed } from '../shared/faults/disturbed-calls';
import { holdVerdict } from '../shared/faults/verdict';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { openDeployment, stock } from './deployment';
import { functionsOfWorkflow, judge, sendOrder } from './soak';

const count = 12;

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'tables that refuse calls, break off or leave them unanswered lose no order, and charge none twice',
  needs: 'faults',
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'quinces', 1_000);
    const functions = await functionsOfWorkflow(deployment);
    const disturbance = { throttled: 0.1, dropped: 0.05, unanswered: 0.1, slow: 0.05 };
    const restore = await disturb(run, functions, 'dynamodb', disturbance);
    const sent = await run.step(`send ${count} orders`, () =>
      inLanes(Array.from({ length: count }), 6, async (_) => sendOrder(deployment, sku, 'pm-visa')),
    );
    const verdict = await run.step('wait for their ends', () => judge(deployment, { sku, inStock: 1_000 }, sent));
    const counts = await restore();
    const { calls } = counts;
    holdDisturbed(run, 'dynamodb', counts, ['throttled', 'dropped', 'unanswered']);
    // Without a fault an order takes about ten.
    run.holds(calls <= 30 * count, 'there are at most three times as many calls', `${calls} for ${count} orders`);
    holdVerdict(run, 'orders', verdict);
  },
};
