import {
  getOrder,
  putOrder,
  recordMilestone,
  type OrdersTable,
} from '../../../../lambda/order-workflow/adapters/dynamodb-orders';
import { MemoryTables } from '../../../fakes/memory-tables';
import { createOrder } from '../test-environment';

const order = createOrder();
let tables: MemoryTables;
let time: Date;
let orders: OrdersTable;
beforeEach(() => {
  tables = new MemoryTables();
  time = new Date('2026-01-01T00:00:00Z');
  orders = { client: tables as never, tableName: 'Orders', now: () => time };
});
const item = () => tables.item('Orders', 'o-1001');

it('stores the first order, and returns the existing record for a second unchanged', async () => {
  expect(await putOrder(orders, order)).toBeUndefined();
  const before = item();
  time = new Date('2026-02-01T00:00:00Z');
  const existing = await putOrder(orders, createOrder({ currency: 'USD' }));
  expect(existing).toMatchObject({ order, status: 'received', generation: 1 });
  expect(item()).toBe(before);
});

it('reads an order with the fields that steps have set', async () => {
  await putOrder(orders, order);
  const fields = { executionArn: 'arn:execution', notifiedOutcome: 'confirmed' };
  await recordMilestone(orders, 'o-1001', 'received', { fields });
  expect(await getOrder(orders, { orderId: 'o-1001' })).toMatchObject({ order, status: 'received', ...fields });
});

it('names the fix for an unknown order', async () => {
  await expect(getOrder(orders, { orderId: 'o-9' })).rejects.toMatchObject({
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

it('records a milestone of an order in a terminal state only on request', async () => {
  await putOrder(orders, order);
  tables.put('Orders', { ...item(), status: { S: 'rejected' } });
  expect(await recordMilestone(orders, 'o-1001', 'approved', { unlessEnded: true })).toBe(false);
  expect(item()?.['timeline']?.M).not.toHaveProperty('approved');
  expect(await recordMilestone(orders, 'o-1001', 'refunded')).toBe(true);
});

it('refuses a step of an earlier execution once the order has been restarted', async () => {
  await putOrder(orders, order);
  tables.put('Orders', { ...item(), generation: { N: '2' } });
  await expect(getOrder(orders, { orderId: 'o-1001', generation: 1 })).rejects.toMatchObject({
    name: 'SupersededExecutionError',
    message: 'order o-1001 was restarted: expected generation 2, got 1',
  });
  expect(await getOrder(orders, { orderId: 'o-1001', generation: 2 })).toMatchObject({ generation: 2 });
  expect(await getOrder(orders, { orderId: 'o-1001' })).toMatchObject({ generation: 2 });
});

it('throws other errors of the table', async () => {
  const client = { send: () => Promise.reject(new Error('busy')) } as never;
  await expect(putOrder({ ...orders, client }, order)).rejects.toThrow('busy');
  await expect(recordMilestone({ ...orders, client }, 'o-1', 'approved', { unlessEnded: true })).rejects.toThrow(
    'busy',
  );
});
