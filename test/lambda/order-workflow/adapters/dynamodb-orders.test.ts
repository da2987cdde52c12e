import {
  countWaitingOrders,
  getOrder,
  putOrder,
  recordMilestone,
  setStatus,
  type OrdersTable,
} from '../../../../lambda/order-workflow/adapters/dynamodb-orders';
import { MemoryTables } from '../memory-tables';
import { createOrder } from '../test-environment';

const order = createOrder();
let tables: MemoryTables;
let time: Date;
let orders: OrdersTable;
beforeEach(() => {
  tables = new MemoryTables({ Orders: 'orderId' });
  time = new Date('2026-01-01T00:00:00Z');
  orders = { client: tables as never, tableName: 'Orders', now: () => time };
});
const item = () => tables.item('Orders', 'o-1001');

it('stores the first order, and returns the existing record for a second unchanged', async () => {
  expect(await putOrder(orders, order)).toBeUndefined();
  const before = item();
  time = new Date('2026-02-01T00:00:00Z');
  expect(await putOrder(orders, createOrder({ currency: 'USD' }))).toEqual({ order, status: 'received' });
  expect(item()).toBe(before);
});

it('reads an order with the fields that steps have set', async () => {
  await putOrder(orders, order);
  const fields = { executionArn: 'arn:execution', notifiedOutcome: 'confirmed' };
  await recordMilestone(orders, 'o-1001', 'received', { fields });
  expect(await getOrder(orders, 'o-1001')).toEqual({ order, status: 'received', ...fields });
});

it('names the fix for an unknown order', async () => {
  await expect(getOrder(orders, 'o-9')).rejects.toMatchObject({
    name: 'OrderNotFoundError',
    message: 'no order o-9 in Orders: send it to ReceiveOrder',
  });
});

it('keeps the first time of a milestone, and creates no order', async () => {
  await putOrder(orders, order);
  await recordMilestone(orders, 'o-1001', 'charged', { detail: 'first' });
  time = new Date('2026-02-01T00:00:00Z');
  await recordMilestone(orders, 'o-1001', 'charged', { detail: 'second', fields: { total: '25.00' } });
  const charged = item()?.['timeline']?.M?.['charged'];
  expect(charged).toEqual({ M: { at: { S: '2026-01-01T00:00:00.000Z' }, detail: { S: 'first' } } });
  expect(item()?.['total']).toEqual({ S: '25.00' });
  const unknown = recordMilestone(orders, 'o-9', 'charged');
  await expect(unknown).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

it.each(['confirmed', 'rejected', 'failed', 'needs-attention'])('changes no order that is %s', async (status) => {
  await putOrder(orders, order);
  tables.put('Orders', { ...item(), status: { S: status } });
  expect(await setStatus(orders, 'o-1001', 'awaiting-approval')).toBe(false);
  expect(item()).toMatchObject({ status: { S: status } });
  expect(item()).not.toHaveProperty('watch');
});

it('adds a waiting order to the index, and not an unknown one', async () => {
  await putOrder(orders, order);
  expect(await setStatus(orders, 'o-1001', 'awaiting-approval')).toBe(true);
  expect(item()).toMatchObject({ watch: { S: 'awaiting-approval' }, watchedSince: { S: '2026-01-01T00:00:00.000Z' } });
  expect(await setStatus(orders, 'o-9', 'needs-attention')).toBe(false);
});

it('throws other errors of the table', async () => {
  const client = { send: () => Promise.reject(new Error('busy')) } as never;
  await expect(setStatus({ ...orders, client }, 'o-1001', 'needs-attention')).rejects.toThrow('busy');
  await expect(putOrder({ ...orders, client }, order)).rejects.toThrow('busy');
});

type Query = { input: { ExclusiveStartKey?: { page: { N: string } }; ExpressionAttributeValues: object } };

/** An index that returns these pages, each a list of times. */
function indexWith(...pages: string[][]) {
  const queries: Query['input'][] = [];
  const client = {
    send: ({ input }: Query) => {
      queries.push(input);
      const page = Number(input.ExclusiveStartKey?.page.N ?? 0);
      const Items = pages[page]?.map((since) => ({ watchedSince: { S: since } }));
      const last = page + 1 >= pages.length;
      return Promise.resolve({ Items, ...(last ? {} : { LastEvaluatedKey: { page: { N: String(page + 1) } } }) });
    },
  } as never;
  const table = { client, tableName: 'Orders', indexName: 'watched' };
  return { queries, count: () => countWaitingOrders(table, 'needs-attention') };
}

it('counts waiting orders over all pages and returns the oldest', async () => {
  const { queries, count } = indexWith(['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'], [], ['2026-01-03T00:00:00Z']);
  expect(await count()).toEqual({ count: 3, oldest: new Date('2026-01-01T00:00:00Z') });
  expect(queries).toHaveLength(3);
  expect(queries[0]).toMatchObject({
    IndexName: 'watched',
    ExpressionAttributeValues: { ':status': { S: 'needs-attention' } },
  });
});

it('finds the oldest waiting order behind an empty page', async () => {
  const oldest = new Date('2026-01-03T00:00:00Z');
  expect(await indexWith([], ['2026-01-03T00:00:00Z']).count()).toEqual({ count: 1, oldest });
});

it('counts zero waiting orders without an oldest', async () => {
  expect(await indexWith([]).count()).toEqual({ count: 0, oldest: undefined });
});
