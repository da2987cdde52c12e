import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import {
  findKnownSkus,
  releaseStock,
  reserveStock,
} from '../../../../lambda/order-workflow/adapters/dynamodb-inventory';
import { MemoryTables } from '../../../fakes/memory-tables';
import { createOrder } from '../test-environment';

const order = createOrder({
  items: [
    { sku: 'SKU-1', quantity: 2, unitPrice: '1.00' },
    { sku: 'SKU-2', quantity: 3, unitPrice: '1.00' },
  ],
});
let tables: MemoryTables;
const now = () => new Date('2026-01-01T00:00:00Z');
const inventory = (client: unknown = tables) => ({
  client: client as never,
  ordersTableName: 'Orders',
  inventoryTableName: 'Inventory',
  now,
});
const setStock = (...available: number[]) => {
  for (const [index, units] of available.entries())
    tables.put('Inventory', { sku: { S: `SKU-${index + 1}` }, available: { N: String(units) } });
};
const stock = () => ['SKU-1', 'SKU-2'].map((sku) => Number(tables.item('Inventory', sku)?.['available']?.N));
const reservation = () => tables.item('Orders', order.orderId)?.['inventory']?.S;
const putOrder = () =>
  tables.put('Orders', {
    orderId: { S: order.orderId },
    order: { S: JSON.stringify(order) },
    timeline: { M: {} },
  });
beforeEach(() => {
  tables = new MemoryTables();
  putOrder();
});

it('reserves all items once, down to the last unit, however often it is called', async () => {
  setStock(2, 4);
  for (let time = 0; time < 3; time++) expect(await reserveStock(inventory(), order)).toEqual({ outcome: 'reserved' });
  expect(stock()).toEqual([0, 1]);
  expect(reservation()).toBe('reserved');
  expect(tables.item('Orders', order.orderId)?.['timeline']?.M).toHaveProperty('stock reserved');
});

it('reserves nothing if one item is short, and names it', async () => {
  setStock(5, 2);
  expect(await reserveStock(inventory(), order)).toEqual({ outcome: 'out-of-stock', missing: ['SKU-2'] });
  expect(stock()).toEqual([5, 2]);
  expect(reservation()).toBeUndefined();
});

it('releases reserved stock once', async () => {
  setStock(2, 3);
  await reserveStock(inventory(), order);
  for (let time = 0; time < 3; time++) expect(await releaseStock(inventory(), order)).toEqual({ outcome: 'released' });
  expect(stock()).toEqual([2, 3]);
  expect(tables.item('Orders', order.orderId)?.['timeline']?.M).toHaveProperty('stock released');
});

it('blocks a reservation that arrives after the release', async () => {
  setStock(2, 3);
  expect(await releaseStock(inventory(), order)).toEqual({ outcome: 'released' });
  await expect(reserveStock(inventory(), order)).rejects.toMatchObject({ name: 'InventoryConflictError' });
  expect(stock()).toEqual([2, 3]);
});

it('keeps stock and reservation consistent in any order of calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 8 }), async (reserves) => {
      putOrder();
      setStock(5, 5);
      for (const reserve of reserves)
        await (reserve ? reserveStock : releaseStock)(inventory(), order).catch(() => undefined);
      expect(stock()).toEqual(reservation() === 'reserved' ? [3, 2] : [5, 5]);
    }),
    { numRuns: 40 },
  );
});

it('reserves nothing for an unknown order', async () => {
  setStock(2, 3);
  const reserved = reserveStock(inventory(), { ...order, orderId: 'o-9' });
  await expect(reserved).rejects.toMatchObject({ name: 'OrderNotFoundError' });
  expect(stock()).toEqual([2, 3]);
});

it('names the SKUs that no longer exist on release', async () => {
  setStock(2, 3);
  await reserveStock(inventory(), order);
  tables.put('Inventory', { sku: { S: 'SKU-2' } });
  await expect(releaseStock(inventory(), order)).rejects.toMatchObject({
    name: 'InventoryConflictError',
    message: 'order o-1001: SKUs no longer exist: SKU-2',
  });
});

it('throws the error that the state machine retries on a transaction conflict', async () => {
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }];
  const canceled = new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
  const busy = reserveStock(inventory({ send: () => Promise.reject(canceled) }), order);
  await expect(busy).rejects.toMatchObject({
    name: 'ServiceBusyError',
    message: 'transaction canceled: None, TransactionConflict, None',
  });
  const refused = [{ Code: 'None' }, { Code: 'ValidationError' }, { Code: 'None' }];
  const invalid = new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons: refused });
  const permanent = reserveStock(inventory({ send: () => Promise.reject(invalid) }), order);
  await expect(permanent).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  const broken = inventory({ send: () => Promise.reject(new Error('unreachable')) });
  await expect(reserveStock(broken, order)).rejects.toThrow('unreachable');
});

it('throws the error that is retried if a reservation changes during each attempt of a release', async () => {
  setStock(2, 3);
  const refused = [{ Code: 'ConditionalCheckFailed' }];
  const send = (command: object) =>
    command instanceof TransactWriteItemsCommand
      ? Promise.reject(new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons: refused }))
      : tables.send(command);
  await expect(releaseStock(inventory({ send }), order)).rejects.toMatchObject({ name: 'ServiceBusyError' });
});

it('requests unprocessed keys again, and each SKU once', async () => {
  const requested: string[][] = [];
  const send = ({ input }: { input: { RequestItems: Record<string, { Keys: { sku: { S: string } }[] }> } }) => {
    const keys = input.RequestItems['Inventory']!.Keys;
    requested.push(keys.map(({ sku }) => sku.S));
    const [first, ...rest] = keys;
    return Promise.resolve({
      Responses: { Inventory: first!.sku.S === 'SKU-9' ? [] : [first] },
      ...(rest.length > 0 ? { UnprocessedKeys: { Inventory: { Keys: rest } } } : {}),
    });
  };
  const skus = ['SKU-1', 'SKU-9', 'SKU-1', 'SKU-2'];
  const known = await findKnownSkus({ client: { send } as never, inventoryTableName: 'Inventory' }, skus);
  expect([...known]).toEqual(['SKU-1', 'SKU-2']);
  expect(requested).toEqual([['SKU-1', 'SKU-9', 'SKU-2'], ['SKU-9', 'SKU-2'], ['SKU-2']]);
});
