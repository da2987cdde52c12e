import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../../lambda/queue-processor/order';
import { disturbances } from '../shared/faults/disturbed-calls';
import { repeats } from '../shared/faults/duplicates';
import { kills } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { Soak } from '../shared/scenario';
import { wrongStock } from './assertions';
import { malformedMessages, messageOf, placeOrders } from './orders';
import { awaitEmptyQueue } from './queues';
import { OrderFixture } from './order-fixture';

const ordersAtOnce = 20;
const malformedAtOnce = 2;

/** Orders, repeated and reordered, among malformed messages. */
export const soak: Soak = {
  units: 'orders',
  async open(run) {
    const fixture = await OrderFixture.create(run, Array<number>(30).fill(100_000));
    const workers = [fixture.deployment.functionName];
    const orders: Order[] = [];
    return {
      faults: [
        kills(workers),
        disturbances(workers, ['dynamodb', 'sqs']),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'repeated orders',
          everyMilliseconds: 1_500,
          async inject(_run, rng) {
            const again = repeats(rng, orders.slice(-100), 0.05);
            await fixture.send(again.map(messageOf));
            return again.length;
          },
        }),
        repeatedFault({
          fault: 'malformed-input',
          title: 'malformed messages',
          everyMilliseconds: 4_000,
          inject: async () => (await fixture.send(malformedMessages(run, malformedAtOnce))).length,
        }),
      ],
      async work() {
        const more = placeOrders(run, ordersAtOnce, fixture.skus, orders.length);
        orders.push(...more);
        await fixture.send(shuffled(run, more).map(messageOf));
        await sleep(1_000);
      },
      async verify() {
        const decided = await fixture.awaitFulfilments(orders);
        await awaitEmptyQueue(run, fixture.deployment);
        // An order whose workers were killed too often is a dead letter, from where a redrive takes it.
        const deadLetters = new Set(await fixture.deadLetterBodies());
        const known = new Set(decided.map(({ orderId }) => orderId));
        const undecided = orders.filter(({ orderId }) => !known.has(orderId));
        const lost = undecided.filter((order) => !deadLetters.has(messageOf(order).body)).map(({ orderId }) => orderId);
        run.metric('orders in the dead-letter queue', undecided.length - lost.length);
        return { placed: orders.length, lost, duplicated: await wrongStock(fixture, orders, decided) };
      },
    };
  },
};
