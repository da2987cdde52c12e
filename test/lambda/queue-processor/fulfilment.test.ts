import fc from 'fast-check';
import { fulfil, judge, type Fulfilments, type Patience } from '../../../lambda/queue-processor/fulfilment';
import { contentOf, linesOf, type Order } from '../../../lambda/queue-processor/order';
import { anOrder } from './orders';
import { TablesModel, type Trouble } from './tables-model';

const impatient: Patience = { attempts: 4, pause: async () => undefined };

it('an order takes its items from stock', async () => {
  const tables = new TablesModel({ 'SKU-1': 5 });
  expect(await fulfil(anOrder(), tables, impatient)).toBe('fulfilled');
  expect(tables.stock.get('SKU-1')).toBe(3);
  expect(tables.fulfilments.get('o-1')?.status).toBe('fulfilled');
});

it('an order delivered a hundred times takes stock once', async () => {
  const tables = new TablesModel({ 'SKU-1': 500 });
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => fulfil(anOrder(), tables, impatient)));
  expect(outcomes.filter((outcome) => outcome === 'fulfilled')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(99);
  expect(tables.stock.get('SKU-1')).toBe(498);
});

it.each([
  ['stock is short', { 'SKU-1': 1 }],
  ['the SKU is unknown', {}],
])('an order is backordered and takes nothing when %s', async (_, stock) => {
  const tables = new TablesModel(stock);
  expect(await fulfil(anOrder(), tables, impatient)).toBe('backordered');
  expect(Object.fromEntries(tables.stock)).toEqual(stock);
  expect(await fulfil(anOrder(), tables, impatient)).toBe('duplicate');
});

it('an order that takes the last units is not backordered by its second delivery', async () => {
  const tables = new TablesModel({ 'SKU-1': 2 });
  expect(await fulfil(anOrder(), tables, impatient)).toBe('fulfilled');
  expect(await fulfil(anOrder(), tables, impatient)).toBe('duplicate');
  expect(tables.fulfilments.get('o-1')?.status).toBe('fulfilled');
});

it('another order under the same id never changes the first', async () => {
  const tables = new TablesModel({ 'SKU-1': 500 });
  await fulfil(anOrder(), tables, impatient);
  const other = anOrder({ items: [{ sku: 'SKU-1', quantity: 7 }] });
  await expect(fulfil(other, tables, impatient)).rejects.toMatchObject({ reason: 'conflicting-order' });
  expect(tables.stock.get('SKU-1')).toBe(498);
  expect(tables.fulfilments.get('o-1')?.order).toEqual(anOrder());
});

it('busy tables are asked again after a pause, and given up on after four attempts', async () => {
  const pauses: number[] = [];
  const patience = { attempts: 4, pause: async (next: number) => void pauses.push(next) };
  const busy = new TablesModel({ 'SKU-1': 5 }, undefined, () => 'busy');
  await expect(fulfil(anOrder(), busy, patience)).rejects.toMatchObject({ reason: 'tables-busy', retryable: true });
  expect(pauses).toEqual([2, 3, 4]);

  const troubles: Trouble[] = ['busy', 'busy', 'none'];
  const busyForAWhile = new TablesModel({ 'SKU-1': 5 }, undefined, () => troubles.shift() ?? 'none');
  expect(await fulfil(anOrder(), busyForAWhile, patience)).toBe('fulfilled');
});

it('a reason that nobody foresaw is a failure that says so', async () => {
  const refusing: Fulfilments = {
    fulfil: async () => [{ code: 'None' }, { code: 'ValidationError' }],
    backorder: async () => undefined,
  };
  await expect(fulfil(anOrder(), refusing, impatient)).rejects.toMatchObject({
    reason: 'unexpected',
    detail: expect.stringContaining('ValidationError') as string,
  });
});

it.each([
  ['a fulfilment that is there', 'ConditionalCheckFailed', 'ConditionalCheckFailed', 'duplicate'],
  ['stock that is short', 'None', 'ConditionalCheckFailed', 'short'],
  ['stock that is short', 'TransactionConflict', 'ConditionalCheckFailed', 'short'],
  ['a conflict', 'None', 'TransactionConflict', 'busy'],
  ['a conflict', 'TransactionConflict', 'None', 'busy'],
  ['a throttled table', 'ThrottlingError', 'None', 'busy'],
  ['a throttled table', 'None', 'ProvisionedThroughputExceeded', 'busy'],
])('%s decides (%s, %s): %s', (_, fulfilment, line, verdict) => {
  expect(judge([{ code: fulfilment, content: 'same' }, { code: line }], 'same')).toBe(verdict);
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
const troubles = fc.array(fc.constantFrom<Trouble>('none', 'none', 'busy', 'lost-answer', 'throws'), { maxLength: 30 });

it('any number of deliveries, at once and cut off anywhere, give each order one effect and keep stock exact', async () => {
  await fc.assert(
    fc.asyncProperty(
      orders,
      stocks,
      troubles,
      fc.array(fc.nat(4), { minLength: 1, maxLength: 15 }),
      fc.scheduler(),
      async (placed, stock, trouble, deliveries, scheduler) => {
        const queue = [...trouble];
        const tables = new TablesModel(
          stock,
          (what) => scheduler.schedule(Promise.resolve(), what),
          () => queue.shift() ?? 'none',
        );
        const attempt = (order: Order) => fulfil(order, tables, impatient).catch(() => undefined);
        const under = deliveries.map((index) => attempt(placed[index % placed.length]!));
        await scheduler.waitFor(Promise.all(under));
        const before = new Map(tables.fulfilments);

        // What failed comes again once the trouble is over.
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
        for (const [id, { content, order }] of tables.fulfilments) {
          expect(content).toBe(contentOf(order));
          expect(order.orderId).toBe(id);
        }
      },
    ),
    { numRuns: 300 },
  );
});
