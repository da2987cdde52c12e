import fc from 'fast-check';
import { classify, fulfil, type FulfilmentStore, type RetryPolicy } from '../../../lambda/queue-processor/fulfilment';
import { fingerprint as fingerprintOf, linesOf, type Order } from '../../../lambda/queue-processor/order';
import { anOrder } from './orders';
import { TableModel, type Fault } from './table-model';

const withoutPause: RetryPolicy = { attempts: 4, pause: async () => undefined };

it('an order takes its items from stock', async () => {
  const tables = new TableModel({ 'SKU-1': 5 });
  expect(await fulfil(anOrder(), tables, withoutPause)).toBe('fulfilled');
  expect(tables.stock.get('SKU-1')).toBe(3);
  expect(tables.fulfilments.get('o-1')?.status).toBe('fulfilled');
});

it('an order delivered a hundred times takes stock once', async () => {
  const tables = new TableModel({ 'SKU-1': 500 });
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => fulfil(anOrder(), tables, withoutPause)));
  expect(outcomes.filter((outcome) => outcome === 'fulfilled')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(99);
  expect(tables.stock.get('SKU-1')).toBe(498);
});

it.each([
  ['stock is short', { 'SKU-1': 1 }],
  ['the SKU is unknown', {}],
])('an order is backordered and takes nothing when %s', async (_, stock) => {
  const tables = new TableModel(stock);
  expect(await fulfil(anOrder(), tables, withoutPause)).toBe('backordered');
  expect(Object.fromEntries(tables.stock)).toEqual(stock);
  expect(await fulfil(anOrder(), tables, withoutPause)).toBe('duplicate');
});

it('the second delivery of an order that took the last units does not backorder it', async () => {
  const tables = new TableModel({ 'SKU-1': 2 });
  expect(await fulfil(anOrder(), tables, withoutPause)).toBe('fulfilled');
  expect(await fulfil(anOrder(), tables, withoutPause)).toBe('duplicate');
  expect(tables.fulfilments.get('o-1')?.status).toBe('fulfilled');
});

it('another order under the same id never changes the first', async () => {
  const tables = new TableModel({ 'SKU-1': 500 });
  await fulfil(anOrder(), tables, withoutPause);
  const other = anOrder({ items: [{ sku: 'SKU-1', quantity: 7 }] });
  await expect(fulfil(other, tables, withoutPause)).rejects.toMatchObject({ reason: 'conflicting-order' });
  expect(tables.stock.get('SKU-1')).toBe(498);
  expect(tables.fulfilments.get('o-1')?.order).toEqual(anOrder());
});

it('a transaction on busy tables is retried with pauses, four attempts in all', async () => {
  const pauses: number[] = [];
  const retryPolicy = { attempts: 4, pause: async (next: number) => void pauses.push(next) };
  const busy = new TableModel({ 'SKU-1': 5 }, undefined, () => 'busy');
  await expect(fulfil(anOrder(), busy, retryPolicy)).rejects.toMatchObject({ reason: 'tables-busy', retryable: true });
  expect(pauses).toEqual([2, 3, 4]);

  const faults: Fault[] = ['busy', 'busy', 'none'];
  const busyForAWhile = new TableModel({ 'SKU-1': 5 }, undefined, () => faults.shift() ?? 'none');
  expect(await fulfil(anOrder(), busyForAWhile, retryPolicy)).toBe('fulfilled');
});

it('an unknown cancellation code is a failure that names it', async () => {
  const refusing: FulfilmentStore = {
    writeFulfilment: async () => [{ code: 'None' }, { code: 'ValidationError' }],
    writeBackorder: async () => undefined,
  };
  await expect(fulfil(anOrder(), refusing, withoutPause)).rejects.toMatchObject({
    reason: 'unexpected',
    detail: expect.stringContaining('ValidationError') as string,
  });
});

it.each([
  ['an existing fulfilment', 'ConditionalCheckFailed', 'ConditionalCheckFailed', 'duplicate'],
  ['stock that is short', 'None', 'ConditionalCheckFailed', 'out-of-stock'],
  ['stock that is short', 'TransactionConflict', 'ConditionalCheckFailed', 'out-of-stock'],
  ['a conflict', 'None', 'TransactionConflict', 'busy'],
  ['a conflict', 'TransactionConflict', 'None', 'busy'],
  ['a throttled table', 'ThrottlingError', 'None', 'busy'],
  ['a throttled table', 'None', 'ProvisionedThroughputExceeded', 'busy'],
])('%s takes precedence (%s, %s): %s', (_, fulfilment, line, classification) => {
  expect(classify([{ code: fulfilment, fingerprint: 'same' }, { code: line }], 'same')).toBe(classification);
});

/** Few ids and few SKUs, so that deliveries meet. */
const orders = fc.uniqueArray(fc.constantFrom('o-1', 'o-2', 'o-3', 'o-4', 'o-5'), { minLength: 1 }).chain((ids) =>
  fc.tuple(
    ...ids.map((orderId) =>
      fc
        .array(fc.record({ sku: fc.constantFrom('a', 'b', 'c'), quantity: fc.integer({ min: 1, max: 4 }) }), {
          minLength: 1,
          maxLength: 4,
        })
        .map((items) => anOrder({ orderId, items })),
    ),
  ),
);
const stocks = fc.record({ a: fc.integer({ min: 0, max: 12 }), b: fc.integer({ min: 0, max: 12 }) });
const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'busy', 'lost-answer', 'throws'), { maxLength: 30 });

it('concurrent and interrupted deliveries give each order one effect and keep stock exact', async () => {
  await fc.assert(
    fc.asyncProperty(
      orders,
      stocks,
      faults,
      fc.array(fc.nat(4), { minLength: 1, maxLength: 15 }),
      fc.scheduler(),
      async (placed, stock, fault, deliveries, scheduler) => {
        const queue = [...fault];
        const tables = new TableModel(
          stock,
          (what) => scheduler.schedule(Promise.resolve(), what),
          () => queue.shift() ?? 'none',
        );
        const attempt = (order: Order) => fulfil(order, tables, withoutPause).catch(() => undefined);
        const under = deliveries.map((index) => attempt(placed[index % placed.length]!));
        await scheduler.waitFor(Promise.all(under));
        const before = new Map(tables.fulfilments);

        // Failed deliveries are repeated after the faults.
        queue.length = 0;
        const outcomes = await scheduler.waitFor(Promise.all(placed.map(attempt)));

        for (const [id, fulfilment] of before) expect(tables.fulfilments.get(id)).toBe(fulfilment);
        expect(tables.fulfilments.size).toBe(placed.length);
        expect(outcomes).not.toContain(undefined);
        for (const sku of ['a', 'b'] as const) {
          const taken = [...tables.fulfilments.values()]
            .filter(({ status }) => status === 'fulfilled')
            .flatMap(({ order }) => linesOf(order))
            .filter((line) => line.sku === sku)
            .reduce((sum, { quantity }) => sum + quantity, 0);
          expect(tables.stock.get(sku)).toBe(stock[sku] - taken);
          expect(tables.stock.get(sku)).toBeGreaterThanOrEqual(0);
        }
        for (const [id, { fingerprint, order }] of tables.fulfilments) {
          expect(fingerprint).toBe(fingerprintOf(order));
          expect(order.orderId).toBe(id);
        }
      },
    ),
    { numRuns: 300 },
  );
});
