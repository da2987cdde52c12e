import { disturb, recordCalls, assertDisturbed } from '../shared/faults/disturbed-calls';
import { killAlong } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { assertAllFulfilled, assertDeadLetters, assertExactlyOnce } from './assertions';
import { messageOf, placeOrders } from './orders';
import { messagesIn } from '../shared/queue-messages';
import { awaitEmptyQueue } from './queues';
import { OrderFixture } from './order-fixture';

const ampleStock = Array.from({ length: 30 }, () => 100_000);

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'workers that are killed at work lose no order and duplicate none',
  needs: 'faults',
  async run(run) {
    const kills = 12;
    const fixture = await OrderFixture.create(run, ampleStock);
    const orders = placeOrders(run, 200, fixture.skus);
    await run.step(`send ${orders.length} orders`, () => fixture.send(shuffled(run, orders).map(messageOf)));
    // As long as there are too few kills, the queue is kept full: workers that have nothing to do cannot be killed at work.
    const sendMore = async (): Promise<void> => {
      if ((await messagesIn(fixture.deployment, fixture.deployment.ordersQueueUrl)) > 50) return;
      const more = placeOrders(run, 50, fixture.skus, orders.length);
      orders.push(...more);
      await fixture.send(more.map(messageOf));
    };
    const killed = await run.step(`kill at least ${kills} workers`, () =>
      killAlong(run, fixture.deployment.functionName, { kills, longestPause: 400 }, sendMore),
    );
    run.metric('workers killed', killed);
    run.metric('orders', orders.length);
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));
    assertAllFulfilled(run, decided);
    await assertExactlyOnce(run, fixture, orders, decided);
    assertDeadLetters(run, await fixture.deadLetterBodies(), []);
  },
};

export const throttlingProof: Check = {
  name: 'throttling',
  title: 'a table that throttles 30 % of the calls loses no order and is not overloaded by retries',
  needs: 'faults',
  async run(run) {
    const share = 0.3;
    const fixture = await OrderFixture.create(run, ampleStock);
    const orders = placeOrders(run, 200, fixture.skus);
    const restore = await disturb(run, [fixture.deployment.functionName], 'dynamodb', { throttled: share });
    await run.step('send 200 orders', () => fixture.send(shuffled(run, orders).map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));
    const counts = await restore();
    const { calls, throttled } = counts;
    recordCalls(run, 'dynamodb', counts);
    // Far below the random variation of 30 %, far above a fault that is not injected.
    run.assert(throttled > calls * 0.15, 'at least 15 % of the calls were throttled', `${throttled} of ${calls}`);
    assertAllFulfilled(run, decided);
    await assertExactlyOnce(run, fixture, orders, decided);
    run.assert(
      calls <= 3 * orders.length,
      'there are at most three calls for an order',
      `${calls} calls for ${orders.length} orders`,
    );
  },
};

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'connections that break before a call or its response, and slow calls, lose and duplicate no order',
  needs: 'faults',
  async run(run) {
    const fixture = await OrderFixture.create(run, ampleStock);
    const orders = placeOrders(run, 100, fixture.skus);
    const disturbance = { dropped: 0.1, unanswered: 0.2, slow: 0.05 };
    const restore = await disturb(run, [fixture.deployment.functionName], 'dynamodb', disturbance);
    await run.step('send 100 orders', () => fixture.send(shuffled(run, orders).map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));
    const counts = await restore();
    assertDisturbed(run, 'dynamodb', counts, ['dropped', 'unanswered', 'slow']);
    assertAllFulfilled(run, decided);
    await assertExactlyOnce(run, fixture, orders, decided);
  },
};
