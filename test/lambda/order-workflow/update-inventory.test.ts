import { anOrder, load, named, Surroundings } from './surroundings';

const update = load<{ outcome: string }>('update-inventory');
let around: Surroundings;
beforeEach(() => {
  around = new Surroundings();
  around.tables.put('Inventory', { sku: { S: 'SKU-1' }, available: { N: '5' } });
  around.tables.put('Inventory', { sku: { S: 'SKU-2' }, available: { N: '0' } });
});
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const take = () => update({ orderId: 'o-1001', change: 'take' });
const release = () => update({ orderId: 'o-1001', change: 'release' });
const available = () => around.text('Inventory', 'SKU-1', 'available');

it('stock is taken once, however often the step is repeated', async () => {
  around.receive(anOrder());
  for (let time = 0; time < 3; time++) expect(await take()).toEqual({ outcome: 'taken' });
  expect(available()).toBe('3');
});

it('stock whose transaction lost its answer is taken once', async () => {
  around.receive(anOrder());
  around.after = (command) => {
    if (command.constructor.name === 'TransactWriteItemsCommand') throw named('TimeoutError');
  };
  await expect(take()).rejects.toMatchObject({ name: 'TimeoutError' });
  around.after = () => undefined;
  expect(await take()).toEqual({ outcome: 'taken' });
  expect(available()).toBe('3');
});

it('of an order that is not all there nothing is taken, and the timeline says what was missing', async () => {
  const short = { sku: 'SKU-2', quantity: 1, unitPrice: '1.00' };
  around.receive(anOrder({ items: [...anOrder().items, short] }));
  expect(await take()).toEqual({ outcome: 'out-of-stock', missing: ['SKU-2'] });
  expect(available()).toBe('5');
  expect(around.timeline('o-1001')).toMatchObject({ 'out of stock': 'SKU-2' });
});

it('what was taken is given back once', async () => {
  around.receive(anOrder());
  await take();
  for (let time = 0; time < 3; time++) expect(await release()).toEqual({ outcome: 'released' });
  expect(available()).toBe('5');
});

it('a take that arrives after the release is refused', async () => {
  around.receive(anOrder());
  expect(await release()).toEqual({ outcome: 'released' });
  await expect(take()).rejects.toMatchObject({ name: 'StockBarred' });
  expect(available()).toBe('5');
});

it('a change that is neither is refused by its field', async () => {
  const wrong = update({ orderId: 'o-1001', change: 'borrow' });
  await expect(wrong).rejects.toThrow('wrong or missing in the input: change');
});
