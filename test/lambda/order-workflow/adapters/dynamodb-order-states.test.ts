import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  beginCharge,
  clearNotNotified,
  countOrders,
  markNotNotified,
  setStatus,
} from '../../../../lambda/order-workflow/adapters/dynamodb-order-states';
import {
  putOrder,
  recordMilestone,
  type OrdersTable,
} from '../../../../lambda/order-workflow/adapters/dynamodb-orders';
import { MemoryTables, type Item } from '../../../fakes/memory-tables';
import { createOrder } from '../test-environment';

const step = { orderId: 'o-1001', generation: 1 };
let tables: MemoryTables;
let time: Date;
let orders: OrdersTable;
beforeEach(async () => {
  tables = new MemoryTables();
  time = new Date('2026-01-01T00:00:00Z');
  orders = { client: tables as never, tableName: 'Orders', now: () => time };
  await putOrder(orders, createOrder());
});
const item = () => tables.item('Orders', 'o-1001');
const change = (attributes: Record<string, AttributeValue>) => tables.put('Orders', { ...item(), ...attributes });

it('shows a new order in the index, so that one without an execution is found', () => {
  expect(item()).toMatchObject({ watch: { S: 'received' }, watchedSince: { S: '2026-01-01T00:00:00.000Z' } });
});

it.each(['confirmed', 'rejected', 'failed', 'needs-attention'])(
  'sets no status of an order that is %s',
  async (status) => {
    change({ status: { S: status } });
    const before = item();
    expect(await setStatus(orders, step, 'awaiting-approval')).toBe(false);
    expect(item()).toEqual(before);
  },
);

it('shows a waiting order in the index, and not an unknown or restarted one', async () => {
  expect(await setStatus(orders, step, 'awaiting-approval')).toBe(true);
  expect(item()).toMatchObject({ watch: { S: 'awaiting-approval' }, watchedSince: { S: '2026-01-01T00:00:00.000Z' } });
  expect(await setStatus(orders, { orderId: 'o-9' }, 'needs-attention')).toBe(false);
  change({ generation: { N: '2' } });
  expect(await setStatus(orders, step, 'needs-attention')).toBe(false);
});

it('ends the wait for approval when a charge begins, and keeps the time of the first attempt', async () => {
  await setStatus(orders, step, 'awaiting-approval');
  time = new Date('2026-01-02T00:00:00Z');
  const first = await beginCharge(orders, step);
  expect(first).toMatchObject({ firstAttempt: time, record: { status: 'received', watch: 'received' } });
  time = new Date('2026-01-03T00:00:00Z');
  expect(await beginCharge(orders, step)).toMatchObject({ firstAttempt: new Date('2026-01-02T00:00:00Z') });
  expect(item()).toMatchObject({ watchedSince: { S: '2026-01-03T00:00:00.000Z' } });
});

it('begins no charge after a refund was requested', async () => {
  await recordMilestone(orders, 'o-1001', 'refund requested');
  expect(await beginCharge(orders, step)).toBeUndefined();
  expect(item()?.['timeline']?.M).not.toHaveProperty('charge requested');
});

it('begins no charge of an unknown, ended or restarted order', async () => {
  const charge = (orderId = 'o-1001') => beginCharge(orders, { ...step, orderId });
  await expect(charge('o-9')).rejects.toMatchObject({ name: 'OrderNotFoundError' });
  change({ generation: { N: '2' } });
  await expect(charge()).rejects.toMatchObject({ name: 'SupersededExecutionError' });
  change({ generation: { N: '1' }, status: { S: 'failed' } });
  await expect(charge()).rejects.toMatchObject({
    name: 'OrderEndedError',
    message: 'order o-1001 is failed and cannot be charged',
  });
});

it.each(['confirmed', 'rejected', 'failed'])(
  'shows an order that is %s until its customer is notified',
  async (status) => {
    expect(await markNotNotified(orders, 'o-1001')).toBe(false);
    const { watch: _, watchedSince: __, ...ended } = { ...(item() ?? {}), status: { S: status } } as Item;
    tables.put('Orders', ended);
    expect(await markNotNotified(orders, 'o-1001')).toBe(true);
    expect(item()).toMatchObject({ watch: { S: 'not-notified' } });
    await clearNotNotified(orders, 'o-1001');
    expect(item()).not.toHaveProperty('watch');
    change({ notifiedOutcome: { S: status } });
    expect(await markNotNotified(orders, 'o-1001')).toBe(false);
  },
);

it('keeps an order that needs attention in the index when a customer is notified', async () => {
  await setStatus(orders, step, 'needs-attention');
  await clearNotNotified(orders, 'o-1001');
  expect(item()).toMatchObject({ watch: { S: 'needs-attention' } });
});

it('throws other errors of the table', async () => {
  const client = { send: () => Promise.reject(new Error('busy')) } as never;
  await expect(setStatus({ ...orders, client }, step, 'needs-attention')).rejects.toThrow('busy');
  await expect(beginCharge({ ...orders, client }, step)).rejects.toThrow('busy');
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
  return { queries, count: () => countOrders(table, 'needs-attention', new Date('2026-02-01T00:00:00Z')) };
}

it('counts watched orders over all pages and returns the oldest', async () => {
  const { queries, count } = indexWith(['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'], [], ['2026-01-03T00:00:00Z']);
  expect(await count()).toEqual({ count: 3, oldest: new Date('2026-01-01T00:00:00Z') });
  expect(queries).toHaveLength(3);
  expect(queries[0]).toMatchObject({
    IndexName: 'watched',
    ExpressionAttributeValues: { ':state': { S: 'needs-attention' }, ':before': { S: '2026-02-01T00:00:00.000Z' } },
  });
});

it('finds the oldest watched order behind an empty page', async () => {
  const oldest = new Date('2026-01-03T00:00:00Z');
  expect(await indexWith([], ['2026-01-03T00:00:00Z']).count()).toEqual({ count: 1, oldest });
});

it('counts zero watched orders without an oldest', async () => {
  expect(await indexWith([]).count()).toEqual({ count: 0, oldest: undefined });
});
