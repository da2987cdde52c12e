import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../../lambda/queue-processor/order';
import { disturbances } from '../shared/faults/disturbed-calls';
import { repeats } from '../shared/faults/duplicates';
import { kills } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { Soak } from '../shared/scenario';
import { wrongStock } from './exactness';
import { malformedMessages, messageOf, placeOrders } from './orders';
import { awaitEmptyQueue } from './queues';
import { Shop } from './shop';

const atOnce = 20;
const malformedAtOnce = 2;

/** Orders that are sent, again and in any order, among messages that are none. */
export const soak: Soak = {
  units: 'orders',
  async open(run) {
    const shop = await Shop.open(run, Array<number>(30).fill(100_000));
    const workers = [shop.deployment.functionName];
    const orders: Order[] = [];
    return {
      faults: [
        kills(workers),
        disturbances(workers, ['dynamodb', 'sqs']),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'orders sent again',
          everyMilliseconds: 1_500,
          async inject(_run, rng) {
            const again = repeats(rng, orders.slice(-100), 0.05);
            await shop.send(again.map(messageOf));
            return again.length;
          },
        }),
        repeatedFault({
          fault: 'malformed-input',
          title: 'messages that are no orders',
          everyMilliseconds: 4_000,
          inject: async () => (await shop.send(malformedMessages(run, malformedAtOnce))).length,
        }),
      ],
      async work() {
        const more = placeOrders(run, atOnce, shop.skus, orders.length);
        orders.push(...more);
        await shop.send(shuffled(run, more).map(messageOf));
        await sleep(1_000);
      },
      async verify() {
        const decided = await shop.decided(orders);
        await awaitEmptyQueue(run, shop.deployment);
        // An order that its workers were killed over too often is set aside, from where a redrive takes it.
        const setAside = new Set(await shop.setAside());
        const known = new Set(decided.map(({ orderId }) => orderId));
        const undecided = orders.filter(({ orderId }) => !known.has(orderId));
        const lost = undecided.filter((order) => !setAside.has(messageOf(order).body)).map(({ orderId }) => orderId);
        run.metric('orders set aside', undecided.length - lost.length);
        return { placed: orders.length, lost, duplicated: await wrongStock(shop, orders, decided) };
      },
    };
  },
};
