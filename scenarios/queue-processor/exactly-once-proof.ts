import { repeats } from '../shared/faults/duplicates';
import { shuffled } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertExact } from './exactness';
import { malformedIds, malformedMessages, messageOf, placeOrders, type Outgoing } from './orders';
import { awaitEmptyQueue } from './queues';
import { Shop } from './shop';

const [orderCount, scarceOrders, malformedCount] = [1_000, 20, 20];
const scarceUnits = 12;
const plenty = Array.from({ length: 40 }, () => 100_000);

export const exactlyOnceProof: Check = {
  name: 'exactly-once',
  title: 'a thousand orders, many sent again and in any order, take effect once each; what is no order is set aside',
  async run(run) {
    const shop = await Shop.open(run, [scarceUnits, ...plenty]);
    const [scarce = '', ...skus] = shop.skus;
    const orders = placeOrders(run, orderCount, skus).map((order, index) =>
      index < scarceOrders ? { ...order, items: [{ sku: scarce, quantity: 1 }] } : order,
    );
    const [inBucket, ...inMessages] = shuffled(run, orders);
    if (inBucket === undefined) throw new Error('no orders were placed');
    await shop.putPayload(inBucket);
    const malformed = malformedMessages(run, malformedCount);
    const first = [shop.claimCheck(inBucket), ...inMessages.map(messageOf)];
    const again = repeats(run, inMessages).map(messageOf);
    const messages = shuffled(run, [...first, ...again, ...malformed]);

    const started = Date.now();
    await run.step(`send ${messages.length} messages`, () => shop.send(messages));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    const seconds = (Date.now() - started) / 1_000;
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));

    await assertExact(run, shop, orders, decided);
    const backordered = decided.filter(({ status }) => status === 'backordered').map(({ orderId }) => orderId);
    const scarceIds = orders.slice(0, scarceOrders).map(({ orderId }) => orderId);
    run.assert(
      backordered.length === scarceOrders - scarceUnits && backordered.every((id) => scarceIds.includes(id)),
      `of ${scarceOrders} orders for ${scarceUnits} units all but ${scarceUnits} are backordered, and no other`,
      `${backordered.length} are`,
    );
    await run.step('look at the dead letters', () => assertMalformedSetAside(run, shop, malformed));
    run.metric('messages', messages.length);
    run.metric('sent again', again.length);
    run.metric('orders decided upon', Math.round(orderCount / seconds), 'a second');
  },
};

async function assertMalformedSetAside(run: ScenarioRun, shop: Shop, malformed: readonly Outgoing[]): Promise<void> {
  const setAside = await shop.setAside();
  const expected = malformed.map(({ body }) => body).sort();
  run.assert(
    JSON.stringify(setAside) === JSON.stringify(expected),
    `the dead letters are exactly the ${malformed.length} malformed messages`,
    `${setAside.length} dead letters`,
  );
  const effects = await shop.fulfilments(malformedIds(run, malformed.length));
  run.assert(effects.length === 0, 'no malformed message has an effect', `${effects.length} have`);
}
