import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import pMap from 'p-map';
import { readVisits } from '../../operations/order-workflow/order-history';
import type { Check } from '../shared/scenario';
import { addStock, executionArnOf, openDeployment, waitForStatus } from './deployment';
import { createOrder, placeOrder } from './test-orders';

const count = 20;
const concurrency = 4;

export const crashProof: Check = {
  name: 'killed-while-charging',
  expectedErrors: ['Runtime.ExitError'],
  title: `charges each order once although ChargePayment is killed ${count} times after the charge`,
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'pears', 1_000);
    const orders = Array.from({ length: count }, (_, index) =>
      createOrder(deployment, `crash-${index}`, sku, { paymentMethod: 'pm-crash-once' }),
    );
    await run.step(`place ${count} orders`, () =>
      pMap(orders, (order) => placeOrder(deployment, order), { concurrency }),
    );
    const states = await run.step('wait for terminal statuses', () =>
      pMap(orders, ({ orderId }) => waitForStatus(deployment, orderId), { concurrency }),
    );
    const chargedOnce = states.filter(
      ({ status, charges, refunds }) => status === 'confirmed' && charges === 1 && refunds === 0,
    );
    run.assertEqual(chargedOnce.length, count, 'orders confirmed, charged once and never refunded');
    const errors = await pMap(
      orders,
      async ({ orderId }) => {
        const executionArn = executionArnOf(run, orderId);
        const { events = [] } = await deployment.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
        return readVisits(events).flatMap(({ failures }) => failures);
      },
      { concurrency },
    );
    // Other errors may occur too: a slow response of a table is retried like a kill.
    const killed = errors.filter((names) => names.filter((name) => name === 'Runtime.ExitError').length === 1);
    run.assert(killed.length === count, 'each execution was killed once and retried', errors.flat().join(', '));
    run.metric('kills between charge and response', killed.length);
  },
};
