import { repeats } from '../shared/faults/duplicates';
import { shuffled } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertDeadLetters, assertExactlyOnce } from './assertions';
import { malformedIds, malformedMessages, messageOf, placeOrders, type Outgoing } from './orders';
import { awaitEmptyQueue } from './queues';
import { OrderFixture } from './order-fixture';

const [orderCount, scarceOrders, malformedCount] = [1_000, 20, 20];
const scarceUnits = 12;
const ampleStock = Array.from({ length: 40 }, () => 100_000);

export const exactlyOnceProof: Check = {
  name: 'exactly-once',
  expectedErrors: 'all',
  title: 'a thousand orders, repeated and reordered, take effect once each; malformed messages become dead letters',
  async run(run) {
    const fixture = await OrderFixture.create(run, [scarceUnits, ...ampleStock]);
    const [scarce = '', ...skus] = fixture.skus;
    const orders = placeOrders(run, orderCount, skus).map((order, index) =>
      index < scarceOrders ? { ...order, items: [{ sku: scarce, quantity: 1 }] } : order,
    );
    const [inBucket, ...inMessages] = shuffled(run, orders);
    if (inBucket === undefined) throw new Error('no orders were placed');
    await fixture.putPayload(inBucket);
    const malformed = malformedMessages(run, malformedCount);
    const first = [fixture.claimCheck(inBucket), ...inMessages.map(messageOf)];
    const again = repeats(run, inMessages).map(messageOf);
    const messages = shuffled(run, [...first, ...again, ...malformed]);

    const started = Date.now();
    await run.step(`send ${messages.length} messages`, () => fixture.send(messages));
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    const seconds = (Date.now() - started) / 1_000;
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));

    await assertExactlyOnce(run, fixture, orders, decided);
    const backordered = decided.filter(({ status }) => status === 'backordered').map(({ orderId }) => orderId);
    const scarceIds = orders.slice(0, scarceOrders).map(({ orderId }) => orderId);
    run.assertEqual(
      backordered.filter((id) => scarceIds.includes(id)).length,
      scarceOrders - scarceUnits,
      `of ${scarceOrders} orders for ${scarceUnits} units the rest is backordered`,
    );
    run.assertEqual(backordered.length, scarceOrders - scarceUnits, 'no other order is backordered');
    await run.step('check the dead letters', () => assertMalformedAreDeadLetters(run, fixture, malformed));
    run.metric('messages', messages.length);
    run.metric('sent repeatedly', again.length);
    run.metric('orders processed', Math.round(orderCount / seconds), 'a second');
  },
};

async function assertMalformedAreDeadLetters(
  run: ScenarioRun,
  fixture: OrderFixture,
  malformed: readonly Outgoing[],
): Promise<void> {
  assertDeadLetters(run, await fixture.deadLetterBodies(), malformed);
  const effects = await fixture.fulfilments(malformedIds(run, malformed.length));
  run.assertEqual(effects.length, 0, 'no malformed message has an effect');
}
