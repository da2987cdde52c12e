import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInjector } from '../faults';
import type { Check, ScenarioRun } from '../scenario';
import { holdAllFulfilled, holdExactly } from './exactness';
import { messageOf, placeOrders, shuffled } from './orders';
import { awaitEmptyQueue } from './queues';
import { Shop } from './shop';

const plenty = Array.from({ length: 30 }, () => 100_000);

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'workers that are killed in the middle of their work lose no order and double none',
  needs: 'faults',
  async run(run) {
    const kills = 12;
    const faults = faultsOf(run);
    const shop = await Shop.open(run, plenty);
    const orders = placeOrders(run, 300, shop.skus);
    await run.step('send 300 orders', () => shop.send(shuffled(run, orders).map(messageOf)));
    const killed = await run.step(`kill workers, at least ${kills}`, () => killAtWork(run, faults, shop, kills));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    run.figure('workers killed', killed);
    holdAllFulfilled(run, decided);
    await holdExactly(run, shop, orders, decided);
    const setAside = await shop.setAside();
    run.holds(setAside.length === 0, 'none is set aside', `${setAside.length} are`);
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
    const restore = await faultsOf(run).throttle(shop.deployment.functionName, 'dynamodb', share);
    let restored = false;
    run.cleanUp('the throttling', async () => {
      if (!restored) await restore();
    });
    await run.step('send 200 orders', () => shop.send(shuffled(run, orders).map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    restored = true;
    const { calls, throttled } = await restore();
    run.figure('calls to DynamoDB', calls);
    run.figure('of them throttled', throttled);
    // Far below what chance does to a share of 30 %, far above a switch that is stuck.
    run.holds(throttled > calls * 0.15, 'a good part of the calls was throttled', `${throttled} of ${calls}`);
    holdAllFulfilled(run, decided);
    await holdExactly(run, shop, orders, decided);
    run.holds(calls <= 3 * orders.length, 'there are at most three calls an order', `${calls} for ${orders.length}`);
  },
};

/** Kills at moments that have nothing to do with what the workers are doing. */
async function killAtWork(run: ScenarioRun, faults: FaultInjector, shop: Shop, kills: number): Promise<number> {
  let killed = 0;
  await run.eventually(
    `${kills} workers to be killed`,
    async () => {
      await sleep(run.random() * 400);
      killed += await faults.kill(shop.deployment.functionName);
      return killed >= kills ? true : undefined;
    },
    { withinSeconds: 300, everyMilliseconds: 20 },
  );
  return killed;
}

function faultsOf({ faults }: ScenarioRun): FaultInjector {
  if (faults === undefined) throw new Error("nobody can inject faults here, though the check's needs say so");
  return faults;
}
