import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { visitsOf } from '../../operations/order-workflow/order-story';
import { awaitStatus, executionArnOf, openDeployment, orderOf, place, stock } from './deployment';

const orders = 20;

export const crashProof: Check = {
  name: 'killed-while-charging',
  title: `ChargePayment killed ${orders} times between the charge and its answer charges each order once`,
  async run(run) {
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'pears', 1_000);
    const ids = await run.step(`place ${orders} orders`, () =>
      inLanes(Array.from({ length: orders }), 4, async (_) => {
        const name = `crash-${deployment.orderIds.size}`;
        const order = orderOf(deployment, name, sku, { paymentMethod: 'pm-crash-once' });
        await place(deployment, order);
        return order.orderId;
      }),
    );
    const standings = await run.step('wait for their ends', () =>
      inLanes(ids, 4, (orderId) =>
        awaitStatus(deployment, orderId, ['confirmed', 'rejected', 'failed', 'needs-attention']),
      ),
    );
    const once = standings.filter(
      ({ status, charges, refunds }) => status === 'confirmed' && charges === 1 && refunds === 0,
    );
    run.assert(
      once.length === orders,
      'each order is confirmed, charged once and never refunded',
      `${once.length} of ${orders}`,
    );
    const kills = await inLanes(ids, 4, async (orderId) => {
      const executionArn = executionArnOf(run, orderId);
      const { events = [] } = await deployment.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      return visitsOf(events).flatMap(({ failures }) => failures);
    });
    // A table that answers late is tried again like a kill, and is none.
    const killed = kills.filter((errors) => errors.filter((name) => name === 'Runtime.ExitError').length === 1);
    run.assert(killed.length === orders, 'each was killed once, and tried again', kills.flat().join(', '));
    run.metric('kills between charge and answer', killed.length);
  },
};
