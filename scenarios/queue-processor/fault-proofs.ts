import { disturb, recordCalls, assertDisturbed } from '../shared/faults/disturbed-calls';
import { killAtWork } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { assertAllFulfilled, assertExact } from './exactness';
import { messageOf, placeOrders } from './orders';
import { awaitEmptyQueue } from './queues';
import { Shop } from './shop';

const plenty = Array.from({ length: 30 }, () => 100_000);

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'workers that are killed in the middle of their work lose no order and double none',
  needs: 'faults',
  async run(run) {
    const kills = 12;
    const shop = await Shop.open(run, plenty);
    const orders = placeOrders(run, 300, shop.skus);
    await run.step('send 300 orders', () => shop.send(shuffled(run, orders).map(messageOf)));
    await run.step(`kill workers, at least ${kills}`, () => killAtWork(run, [shop.deployment.functionName], kills));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    assertAllFulfilled(run, decided);
    await assertExact(run, shop, orders, decided);
    const setAside = await shop.setAside();
    run.assert(setAside.length === 0, 'none is set aside', `${setAside.length} are`);
  },
};

export const throttlingProof: Check = {
  name: 'throttling',
  title: 'tables that refuse three calls of ten for a while lose no order, and are not overrun with repeats',
  needs: 'faults',
  async run(run) {
    const share = 0.3;
    const shop = await Shop.open(run, plenty);
    const orders = placeOrders(run, 200, shop.skus);
    const restore = await disturb(run, [shop.deployment.functionName], 'dynamodb', { throttled: share });
    await run.step('send 200 orders', () => shop.send(shuffled(run, orders).map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    const counts = await restore();
    const { calls, throttled } = counts;
    recordCalls(run, 'dynamodb', counts);
    // Far below what chance does to a share of 30 %, far above a switch that is stuck.
    run.assert(throttled > calls * 0.15, 'a good part of the calls was throttled', `${throttled} of ${calls}`);
    assertAllFulfilled(run, decided);
    await assertExact(run, shop, orders, decided);
    run.assert(calls <= 3 * orders.length, 'there are at most three calls an order', `${calls} for ${orders.length}`);
  },
};

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'connections that break before a call or in place of its answer, and slow ones, lose and double no order',
  needs: 'faults',
  async run(run) {
    const shop = await Shop.open(run, plenty);
    const orders = placeOrders(run, 100, shop.skus);
    const disturbance = { dropped: 0.1, unanswered: 0.2, slow: 0.05 };
    const restore = await disturb(run, [shop.deployment.functionName], 'dynamodb', disturbance);
    await run.step('send 100 orders', () => shop.send(shuffled(run, orders).map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    const counts = await restore();
    assertDisturbed(run, 'dynamodb', counts, ['dropped', 'unanswered', 'slow']);
    assertAllFulfilled(run, decided);
    await assertExact(run, shop, orders, decided);
  },
};
