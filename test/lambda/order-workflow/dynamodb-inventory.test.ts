import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { dynamodbInventory, knownSkus } from '../../../lambda/order-workflow/dynamodb-inventory';
import { MemoryTables } from './memory-tables';
import { anOrder } from './surroundings';

const order = anOrder({
  items: [
    { sku: 'SKU-1', quantity: 2, unitPrice: '1.00' },
    { sku: 'SKU-2', quantity: 3, unitPrice: '1.00' },
  ],
});
let tables: MemoryTables;
const now = () => new Date('2026-01-01T00:00:00Z');
const inventory = (client: unknown = tables) =>
  dynamodbInventory({ client: client as never, ordersTable: 'Orders', inventoryTable: 'Inventory', now });
const stock = (...available: number[]) => {
  for (const [index, units] of available.entries())
    tables.put('Inventory', { sku: { S: `SKU-${index + 1}` }, available: { N: String(units) } });
};
const left = () => ['SKU-1', 'SKU-2'].map((sku) => Number(tables.item('Inventory', sku)?.['available']?.N));
const mark = () => tables.item('Orders', order.orderId)?.['inventory']?.S;
beforeEach(() => {
  tables = new MemoryTables({ Orders: 'orderId', Inventory: 'sku' });
  tables.put('Orders', { orderId: { S: order.orderId }, timeline: { M: {} } });
});

it('all items are taken with the mark, and the last unit can be', async () => {
  stock(2, 4);
  expect(await inventory().take(order)).toEqual({ done: true });
  expect(left()).toEqual([0, 1]);
  expect(mark()).toBe('taken');
  expect(tables.item('Orders', order.orderId)?.['timeline']?.M).toHaveProperty('stock taken');
});

it('where one is short none is taken, and the short one is named', async () => {
  stock(5, 2);
  expect(await inventory().take(order)).toEqual({ done: false, marked: false, short: ['SKU-2'] });
  expect(left()).toEqual([5, 2]);
  expect(mark()).toBeUndefined();
});

it('the mark decides before all else: stock may be short because this order took it', async () => {
  stock(2, 3);
  await inventory().take(order);
  expect(await inventory().take(order)).toEqual({ done: false, marked: true, short: [] });
  expect(left()).toEqual([0, 0]);
});

it('what was taken is given back once, and what was not is barred', async () => {
  stock(2, 3);
  expect(await inventory().giveBack(order)).toMatchObject({ done: false, marked: true });
  await inventory().take(order);
  expect(await inventory().bar(order)).toMatchObject({ done: false, marked: true });
  expect(await inventory().giveBack(order)).toEqual({ done: true });
  expect(await inventory().giveBack(order)).toMatchObject({ done: false, marked: true });
  expect(left()).toEqual([2, 3]);
  expect(mark()).toBe('released');
});

it('an order that is not known takes nothing', async () => {
  stock(2, 3);
  expect(await inventory().take({ ...order, orderId: 'o-9' })).toMatchObject({ done: false, marked: true });
  expect(left()).toEqual([2, 3]);
});

it('a transaction that meets another one is busy, under the name that the state machine tries again by', async () => {
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }];
  const cancelled = new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
  const busy = inventory({ send: () => Promise.reject(cancelled) }).take(order);
  await expect(busy).rejects.toMatchObject({
    name: 'InventoryBusy',
    message: 'the transaction met another one: None, TransactionConflict, None',
  });
  await expect(inventory({ send: () => Promise.reject(new Error('down')) }).take(order)).rejects.toThrow('down');
});

it('keys that a busy table leaves unanswered are asked for again, each SKU once', async () => {
  const asked: string[][] = [];
  const send = ({ input }: { input: { RequestItems: Record<string, { Keys: { sku: { S: string } }[] }> } }) => {
    const keys = input.RequestItems['Inventory']!.Keys;
    asked.push(keys.map(({ sku }) => sku.S));
    const [first, ...rest] = keys;
    return Promise.resolve({
      Responses: { Inventory: first!.sku.S === 'SKU-9' ? [] : [first] },
      ...(rest.length > 0 ? { UnprocessedKeys: { Inventory: { Keys: rest } } } : {}),
    });
  };
  const skus = ['SKU-1', 'SKU-9', 'SKU-1', 'SKU-2'];
  const known = await knownSkus({ client: { send } as never, inventoryTable: 'Inventory' }, skus);
  expect([...known]).toEqual(['SKU-1', 'SKU-2']);
  expect(asked).toEqual([['SKU-1', 'SKU-9', 'SKU-2'], ['SKU-9', 'SKU-2'], ['SKU-2']]);
});
