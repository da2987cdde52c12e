import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Order } from '../../lambda/queue-processor/order';
import { interleaved } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertExact } from './exactness';
import { malformedMessages, messageOf, type Outgoing } from './orders';
import { awaitEmptyQueue, chunks } from './queues';
import { Shop } from './shop';
import type { Fulfilment } from './tables';

/** Few customers, so that a batch holds several orders of each, which could overtake each other. */
const [customerCount, ordersOfEach, unitsForEach, malformedOfEach] = [10, 20, 10, 2];

export const inOrderProof: Check = {
  name: 'in-order',
  title:
    'with FIFO the orders of each customer take effect once and in their order, whatever is sent again or set aside',
  async run(run) {
    const shop = await Shop.open(run, Array<number>(customerCount).fill(unitsForEach));
    const customers = shop.skus.map((sku, index) => ordersOf(run, `${run.runId}-customer-${index}`, sku, ordersOfEach));
    const malformed = malformedMessages(run, customerCount * malformedOfEach);
    const ofEach = chunks(malformed, malformedOfEach);
    const lanes = customers.map((orders, index) => laneOf(run, orders, ofEach[index] ?? []));
    const messages = interleaved(run, lanes);
    const orders = customers.flat();

    await run.step(`send ${messages.length} messages`, () => shop.send(messages));
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    await assertExact(run, shop, orders, decided);
    for (const own of customers) assertInOrder(run, own, decided);
    const setAside = await run.step('look at the dead letters', () => shop.takeSetAside());
    const expected = malformed.map(({ body }) => body).sort();
    run.assert(
      JSON.stringify(setAside) === JSON.stringify(expected),
      `the dead letters are exactly the ${malformed.length} malformed messages`,
      `${setAside.length} dead letters`,
    );
    run.metric('messages', messages.length);
  },
};

export const heldBackProof: Check = {
  name: 'held-back',
  title:
    'with FIFO an order that fails holds back the later ones of its customer until it is set aside, and nobody else',
  async run(run) {
    const shop = await Shop.open(run, [100]);
    const [sku = ''] = shop.skus;
    const [first, stuck, ...later] = ordersOf(run, `${run.runId}-stuck`, sku, 5);
    if (first === undefined || stuck === undefined) throw new Error('no orders were placed');
    const others = ordersOf(run, `${run.runId}-other`, sku, 3);

    const ids = await run.step('send orders, one whose payload is missing among them', () =>
      shop.send([messageOf(first), shop.claimCheck(stuck), ...later.map(messageOf)]),
    );
    await run.step('wait until it has failed', () => failureOf(run, shop, ids[1]));
    await run.step('send orders of another customer', () => shop.send(others.map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () => shop.decided([first, ...later, ...others]));
    const { failedAt, receives } = await run.step('wait until it is set aside', async () => {
      await awaitEmptyQueue(run, shop.deployment);
      return failureOf(run, shop, ids[1]);
    });
    run.metric('receives of the failing order', receives);
    const timeOf = ({ orderId }: Order): string => decided.find((one) => one.orderId === orderId)?.decidedAt ?? '';
    run.assert(timeOf(first) < failedAt, 'the order before it did not wait');
    const early = later.filter((order) => timeOf(order) < failedAt);
    run.assert(early.length === 0, 'those after it waited until its last receive', `${early.length} did not`);
    const waiting = others.filter((order) => timeOf(order) > failedAt);
    run.assert(waiting.length === 0, 'those of another customer did not', `${waiting.length} waited`);
    assertInOrder(run, [first, ...later], decided);
    await assertExact(run, shop, [first, ...later, ...others], decided);
    const setAside = await shop.setAside();
    run.assert(setAside.join() === shop.claimCheck(stuck).body, 'it alone is set aside', `${setAside.length} are`);
  },
};

function ordersOf(run: ScenarioRun, customerId: string, sku: string, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => ({
    orderId: `${customerId}-${index}`,
    customerId,
    placedAt: new Date().toISOString(),
    items: [{ sku, quantity: 1 }],
  }));
}

/** What one customer's lane carries: the orders in their order, every seventh sent again later on, and what is no order. */
function laneOf(run: ScenarioRun, orders: readonly Order[], malformed: readonly Outgoing[]): Outgoing[] {
  const lane = orders.map(messageOf);
  for (const order of orders.filter(() => run.random() < 0.15)) {
    const original = lane.findIndex(({ body }) => body === messageOf(order).body);
    lane.splice(original + 1 + Math.floor(run.random() * (lane.length - original)), 0, messageOf(order));
  }
  const customerId = orders[0]?.customerId ?? '';
  for (const { body } of malformed) lane.splice(Math.floor(run.random() * lane.length), 0, { body, customerId });
  return lane;
}

/** Stock goes to those who came first, and each was decided upon no sooner than the one before it. */
function assertInOrder(run: ScenarioRun, orders: readonly Order[], decided: readonly Fulfilment[]): void {
  const own = orders.flatMap(({ orderId }) => decided.find((one) => one.orderId === orderId) ?? []);
  const customer = orders[0]?.customerId.slice(run.runId.length + 1) ?? '';
  const statuses = own.map(({ status }) => (status === 'fulfilled' ? 'f' : 'b')).join('');
  run.assert(/^f*b*$/.test(statuses), `${customer}: stock went to the first orders`, statuses);
  const late = own.findIndex(({ decidedAt }, index) => decidedAt < (own[index - 1]?.decidedAt ?? ''));
  run.assert(late < 0, `${customer}: no order overtook another`, late < 0 ? undefined : `order ${late} was overtaken`);
}

/** Waits for the failure that is kept of a message. */
function failureOf(
  run: ScenarioRun,
  { deployment: { dynamodb, failureReasonsTable: TableName } }: Shop,
  messageId = '',
): Promise<{ failedAt: string; receives: number }> {
  return run.eventually(
    'the reason of the failure',
    async () => {
      const Key = { messageId: { S: messageId } };
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      const failedAt = Item?.['failedAt']?.S;
      return failedAt === undefined ? undefined : { failedAt, receives: Number(Item?.['receiveCount']?.N) };
    },
    { everyMilliseconds: 100 },
  );
}
