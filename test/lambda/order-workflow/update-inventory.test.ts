import { createOrder, loadHandler, namedError, TestEnvironment } from './test-environment';

const update = loadHandler<{ outcome: string }>('update-inventory');
let environment: TestEnvironment;
beforeEach(() => {
  environment = new TestEnvironment();
  environment.tables.put('Inventory', { sku: { S: 'SKU-1' }, available: { N: '5' } });
  environment.tables.put('Inventory', { sku: { S: 'SKU-2' }, available: { N: '0' } });
});
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const reserve = () => update({ orderId: 'o-1001', change: 'reserve' });
const release = () => update({ orderId: 'o-1001', change: 'release' });
const available = () => environment.text('Inventory', 'SKU-1', 'available');

it('reserves stock once however often the step repeats', async () => {
  environment.putOrder(createOrder());
  for (let time = 0; time < 3; time++) expect(await reserve()).toEqual({ outcome: 'reserved' });
  expect(available()).toBe('3');
});

it('reserves stock once if the response of the transaction is lost', async () => {
  environment.putOrder(createOrder());
  environment.after = (command) => {
    if (command.constructor.name === 'TransactWriteItemsCommand') throw namedError('TimeoutError');
  };
  await expect(reserve()).rejects.toMatchObject({ name: 'ServiceBusyError' });
  environment.after = () => undefined;
  expect(await reserve()).toEqual({ outcome: 'reserved' });
  expect(available()).toBe('3');
});

it('reserves nothing if an item is short, and records which', async () => {
  const short = { sku: 'SKU-2', quantity: 1, unitPrice: '1.00' };
  environment.putOrder(createOrder({ items: [...createOrder().items, short] }));
  expect(await reserve()).toEqual({ outcome: 'out-of-stock', missing: ['SKU-2'] });
  expect(available()).toBe('5');
  expect(environment.timeline('o-1001')).toMatchObject({ 'out of stock': 'SKU-2' });
});

it('releases reserved stock once', async () => {
  environment.putOrder(createOrder());
  await reserve();
  for (let time = 0; time < 3; time++) expect(await release()).toEqual({ outcome: 'released' });
  expect(available()).toBe('5');
});

it('refuses a reservation that arrives after the release', async () => {
  environment.putOrder(createOrder());
  expect(await release()).toEqual({ outcome: 'released' });
  await expect(reserve()).rejects.toMatchObject({ name: 'InventoryConflictError' });
  expect(available()).toBe('5');
});

it('changes no stock for an execution that was superseded by a restart', async () => {
  environment.putOrder(createOrder(), { generation: { N: '2' } });
  const superseded = update({ orderId: 'o-1001', generation: 1, change: 'reserve' });
  await expect(superseded).rejects.toMatchObject({ name: 'SupersededExecutionError' });
  expect(available()).toBe('5');
});

it('names the field of an invalid change', async () => {
  const wrong = update({ orderId: 'o-1001', change: 'borrow' });
  await expect(wrong).rejects.toThrow('wrong or missing: change');
});
