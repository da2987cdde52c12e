import pMap from 'p-map';
import { disturb, assertDisturbed } from '../shared/faults/disturbed-calls';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import type { Check } from '../shared/scenario';
import { addStock, openDeployment } from './deployment';
import { sendNewOrder, verifyOrders, workflowFunctions } from './soak';

const count = 12;
const unitsInStock = 1_000;

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'loses no order and charges none twice while tables throttle, drop and do not answer calls',
  needs: 'faults',
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'quinces', unitsInStock);
    const functions = await workflowFunctions(deployment);
    const disturbance = { throttled: 0.1, dropped: 0.05, unanswered: 0.1, slow: 0.05 };
    const restore = await disturb(run, functions, 'dynamodb', disturbance);
    const methods = Array<string>(count).fill('pm-visa');
    const sent = await run.step(`send ${count} orders`, () =>
      pMap(methods, (method) => sendNewOrder(deployment, sku, method), { concurrency: 6 }),
    );
    const outcome = await run.step('wait for terminal statuses', () =>
      verifyOrders(deployment, { sku, inStock: unitsInStock }, sent),
    );
    const counts = await restore();
    assertDisturbed(run, 'dynamodb', counts, ['throttled', 'dropped', 'unanswered']);
    // Without a fault an order takes about ten calls.
    const { calls } = counts;
    run.assert(calls <= 30 * count, 'there are at most three times as many calls', `${calls} for ${count} orders`);
    assertWorkOutcome(run, 'orders', outcome);
  },
};
