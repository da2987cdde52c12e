import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Order } from '../../lambda/queue-processor/order';
import { interleaved } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertDeadLetters, assertExactlyOnce } from './assertions';
import { malformedMessages, messageOf, type Outgoing } from './orders';
import { awaitEmptyQueue, chunks } from './queues';
import { OrderFixture } from './order-fixture';
import type { Fulfilment } from './tables';

/** Few customers, so that a batch has several orders of each, which could overtake each other. */
const [customerCount, ordersOfEach, unitsForEach, malformedOfEach] = [10, 20, 10, 2];

export const inOrderProof: Check = {
  name: 'in-order',
  expectedErrors: 'all',
  title: 'with FIFO the orders of each customer take effect once and in order, in spite of duplicates and dead letters',
  async run(run) {
    const fixture = await OrderFixture.create(run, Array<number>(customerCount).fill(unitsForEach));
    const customers = fixture.skus.map((sku, index) =>
      ordersOf(run, `${run.runId}-customer-${index}`, sku, ordersOfEach),
    );
    const malformed = malformedMessages(run, customerCount * malformedOfEach);
    const ofEach = chunks(malformed, malformedOfEach);
    const sequences = customers.map((orders, index) => messagesOf(run, orders, ofEach[index] ?? []));
    const messages = interleaved(run, sequences);
    const orders = customers.flat();

    await run.step(`send ${messages.length} messages`, () => fixture.send(messages));
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));
    const deadLetters = await run.step('remove the dead letters', () => fixture.removeDeadLetters());
    assertDeadLetters(run, deadLetters, malformed);
    await assertExactlyOnce(run, fixture, orders, decided);
    for (const own of customers) assertInOrder(run, own, decided);
    run.metric('messages', messages.length);
  },
};

export const heldBackProof: Check = {
  name: 'held-back',
  expectedErrors: 'all',
  title: 'with FIFO a failing order delays the later ones of its customer until it is a dead letter, and no others',
  async run(run) {
    const fixture = await OrderFixture.create(run, [100]);
    const [sku = ''] = fixture.skus;
    const [first, stuck, ...later] = ordersOf(run, `${run.runId}-stuck`, sku, 5);
    if (first === undefined || stuck === undefined) throw new Error('no orders were placed');
    const others = ordersOf(run, `${run.runId}-other`, sku, 3);

    const ids = await run.step('send orders, one of them without its payload', () =>
      fixture.send([messageOf(first), fixture.claimCheck(stuck), ...later.map(messageOf)]),
    );
    await run.step('wait until it has failed', () => failureOf(run, fixture, ids[1]));
    await run.step('send orders of another customer', () => fixture.send(others.map(messageOf)));
    const decided = await run.step('wait for the fulfilments', () =>
      fixture.awaitFulfilments([first, ...later, ...others]),
    );
    const { failedAt, receives } = await run.step('wait until it is a dead letter', async () => {
      await awaitEmptyQueue(run, fixture.deployment);
      return failureOf(run, fixture, ids[1]);
    });
    run.metric('receives of the failing order', receives);
    const timeOf = ({ orderId }: Order): string => decided.find((one) => one.orderId === orderId)?.decidedAt ?? '';
    run.assert(timeOf(first) < failedAt, 'the order before it did not wait');
    const early = later.filter((order) => timeOf(order) < failedAt);
    run.assertEqual(early.length, 0, 'none after it was processed before its last receive');
    const waiting = others.filter((order) => timeOf(order) > failedAt);
    run.assertEqual(waiting.length, 0, 'none of another customer waited for it');
    assertInOrder(run, [first, ...later], decided);
    await assertExactlyOnce(run, fixture, [first, ...later, ...others], decided);
    assertDeadLetters(run, await fixture.deadLetterBodies(), [fixture.claimCheck(stuck)]);
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

/** Returns one customer's messages: the orders in order, every seventh repeated later, and malformed ones between them. */
function messagesOf(run: ScenarioRun, orders: readonly Order[], malformed: readonly Outgoing[]): Outgoing[] {
  const messages = orders.map(messageOf);
  for (const order of orders.filter(() => run.random() < 0.15)) {
    const original = messages.findIndex(({ body }) => body === messageOf(order).body);
    messages.splice(original + 1 + Math.floor(run.random() * (messages.length - original)), 0, messageOf(order));
  }
  const customerId = orders[0]?.customerId ?? '';
  for (const { body } of malformed)
    messages.splice(Math.floor(run.random() * messages.length), 0, { body, customerId });
  return messages;
}

/** Asserts that stock went to the first orders, and that each was processed after the one before it. */
function assertInOrder(run: ScenarioRun, orders: readonly Order[], decided: readonly Fulfilment[]): void {
  const own = orders.flatMap(({ orderId }) => decided.find((one) => one.orderId === orderId) ?? []);
  const customer = orders[0]?.customerId.slice(run.runId.length + 1) ?? '';
  const statuses = own.map(({ status }) => (status === 'fulfilled' ? 'f' : 'b')).join('');
  run.assert(/^f*b*$/.test(statuses), `${customer}: stock went to the first orders`, statuses);
  const late = own.findIndex(({ decidedAt }, index) => decidedAt < (own[index - 1]?.decidedAt ?? ''));
  run.assert(late < 0, `${customer}: no order overtook another`, late < 0 ? undefined : `order ${late} was overtaken`);
}

/** Waits for the saved failure of a message. */
function failureOf(
  run: ScenarioRun,
  { deployment: { dynamodb, failureReasonsTable: TableName } }: OrderFixture,
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
