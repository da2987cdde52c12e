import {
  getOrder,
  markWatched,
  note,
  putOrder,
  type OrdersTable,
} from '../../../lambda/order-workflow/dynamodb-orders';
import { contentOf } from '../../../lambda/order-workflow/order';
import { MemoryTables } from './memory-tables';
import { anOrder } from './surroundings';

const order = anOrder();
let tables: MemoryTables;
let moment: Date;
let orders: OrdersTable;
beforeEach(() => {
  tables = new MemoryTables({ Orders: 'orderId' });
  moment = new Date('2026-01-01T00:00:00Z');
  orders = { client: tables as never, table: 'Orders', now: () => moment };
});
const put = () => putOrder(orders, order, contentOf(order));
const item = () => tables.item('Orders', 'o-1001');

it('the first is written; the second is given what is there and changes nothing', async () => {
  expect(await put()).toBeUndefined();
  const before = item();
  moment = new Date('2026-02-01T00:00:00Z');
  expect(await putOrder(orders, anOrder({ currency: 'USD' }), 'other')).toEqual({
    order,
    status: 'received',
    content: contentOf(order),
  });
  expect(item()).toBe(before);
});

it('an order is read as it was written, with what steps have set since', async () => {
  await put();
  await note(orders, 'o-1001', 'received', { fields: { executionArn: 'arn:execution', toldOf: 'confirmed' } });
  expect(await getOrder(orders, 'o-1001')).toEqual({
    order,
    status: 'received',
    content: contentOf(order),
    executionArn: 'arn:execution',
    toldOf: 'confirmed',
  });
});

it('an order that is not there says how it comes to be', async () => {
  await expect(getOrder(orders, 'o-9')).rejects.toMatchObject({
    name: 'OrderUnknown',
    message: 'no order o-9 in Orders: start it by ReceiveOrder',
  });
});

it('a milestone keeps its first moment, and none makes an order', async () => {
  await put();
  await note(orders, 'o-1001', 'charged', { detail: 'first' });
  moment = new Date('2026-02-01T00:00:00Z');
  await note(orders, 'o-1001', 'charged', { detail: 'second', fields: { total: '25.00' } });
  const charged = item()?.['timeline']?.M?.['charged'];
  expect(charged).toEqual({ M: { at: { S: '2026-01-01T00:00:00.000Z' }, detail: { S: 'first' } } });
  expect(item()?.['total']).toEqual({ S: '25.00' });
  await expect(note(orders, 'o-9', 'charged')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

it.each(['confirmed', 'rejected', 'failed', 'needs-attention'])(
  'an order that is %s is watched no more',
  async (status) => {
    await put();
    tables.put('Orders', { ...item(), status: { S: status } });
    expect(await markWatched(orders, 'o-1001', 'awaiting-approval')).toBe(false);
    expect(item()).toMatchObject({ status: { S: status } });
    expect(item()).not.toHaveProperty('watch');
  },
);

it('an order that waits is in the index since then, and one that is not known is not', async () => {
  await put();
  expect(await markWatched(orders, 'o-1001', 'awaiting-approval')).toBe(true);
  expect(item()).toMatchObject({ watch: { S: 'awaiting-approval' }, watchedSince: { S: '2026-01-01T00:00:00.000Z' } });
  expect(await markWatched(orders, 'o-9', 'needs-attention')).toBe(false);
});

it('an error of the table stays one', async () => {
  const client = { send: () => Promise.reject(new Error('busy')) } as never;
  await expect(markWatched({ ...orders, client }, 'o-1001', 'needs-attention')).rejects.toThrow('busy');
  await expect(putOrder({ ...orders, client }, order, '')).rejects.toThrow('busy');
});
