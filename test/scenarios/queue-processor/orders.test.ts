import { orderSchema } from '../../../lambda/queue-processor/order';
import { OrderFailedError } from '../../../lambda/queue-processor/order-failure';
import { readOrder, type PayloadStore } from '../../../lambda/queue-processor/read-order';
import { seededRandom } from '../../../tools/scenario-runner/random';
import {
  claimCheckOf,
  malformedIds,
  malformedMessages,
  messageOf,
  placeOrders,
} from '../../../scenarios/queue-processor/orders';
import type { ScenarioRun } from '../../../scenarios/shared/scenario';

// The makers use nothing else of a run.
const run = { runId: 's0123', random: seededRandom(1, 'orders') } as unknown as ScenarioRun;
const skus = ['a', 'b', 'c', 'd', 'e'];
const payloads: PayloadStore = { bucketName: 'payloads', read: () => Promise.reject(new Error('nothing is read')) };

async function reasonOf(body: string): Promise<string | undefined> {
  try {
    await readOrder(body, payloads);
    return undefined;
  } catch (error) {
    return error instanceof OrderFailedError ? error.reason : String(error);
  }
}

test('every created order is valid and has its own id', async () => {
  const orders = placeOrders(run, 100, skus);
  for (const order of orders) {
    expect(orderSchema.safeParse(order).success).toBe(true);
    expect(await readOrder(messageOf(order).body, payloads)).toEqual(order);
  }
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(100);
});

test('every malformed message is malformed in its own way and contains the run id', async () => {
  const messages = malformedMessages(run, 20);
  expect(await Promise.all(messages.map(({ body }) => reasonOf(body)))).toEqual(Array(20).fill('malformed'));
  for (const { body } of messages) expect(body).toContain(run.runId);
  expect(new Set(messages.map(({ body }) => body)).size).toBe(20);
});

test('malformedIds are the ids in the malformed messages', () => {
  const ids = malformedIds(run, 20);
  for (const [index, { body }] of malformedMessages(run, 20).entries()) expect(body).toContain(ids[index]);
});

test('a claim check is accepted by readOrder', async () => {
  const [order] = placeOrders(run, 1, skus);
  if (order === undefined) throw new Error('no order');
  const { body } = claimCheckOf(order, 'payloads', 'key');
  expect(await readOrder(body, { ...payloads, read: () => Promise.resolve(JSON.stringify(order)) })).toEqual(order);
});
