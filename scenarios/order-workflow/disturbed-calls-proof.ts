import { disturb, assertDisturbed } from '../shared/faults/disturbed-calls';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { openDeployment, stock } from './deployment';
import { functionsOfWorkflow, verify, sendOrder } from './soak';

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
    const outcome = await run.step('wait for their ends', () => verify(deployment, { sku, inStock: 1_000 }, sent));
    const counts = await restore();
    const { calls } = counts;
    assertDisturbed(run, 'dynamodb', counts, ['throttled', 'dropped', 'unanswered']);
    // Without a fault an order takes about ten.
    run.assert(calls <= 30 * count, 'there are at most three times as many calls', `${calls} for ${count} orders`);
    assertWorkOutcome(run, 'orders', outcome);
  },
};
