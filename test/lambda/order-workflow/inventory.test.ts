import fc from 'fast-check';
import { releaseStock, takeStock, type Change, type Inventory } from '../../../lambda/order-workflow/inventory';
import type { Order } from '../../../lambda/order-workflow/order';

const order = { orderId: 'o-1', items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '1.00' }] } as unknown as Order;

/** One SKU and one order's mark, with the conditions of the transaction. */
class OneSku implements Inventory {
  mark: 'taken' | 'released' | undefined;

  constructor(public available: number) {}

  take = (): Promise<Change> => {
    if (this.mark !== undefined) return Promise.resolve({ done: false, marked: true, short: [] });
    if (this.available < 2) return Promise.resolve({ done: false, marked: false, short: ['SKU-1'] });
    return this.moved('taken', -2);
  };

  giveBack = (): Promise<Change> =>
    this.mark === 'taken' ? this.moved('released', 2) : Promise.resolve({ done: false, marked: true, short: [] });

  bar = (): Promise<Change> =>
    this.mark === undefined ? this.moved('released', 0) : Promise.resolve({ done: false, marked: true, short: [] });

  private moved(mark: 'taken' | 'released', units: number): Promise<Change> {
    this.mark = mark;
    this.available += units;
    return Promise.resolve({ done: true });
  }
}

const run = (inventory: OneSku, step: typeof takeStock | typeof releaseStock) =>
  step(inventory, order, () => Promise.resolve(inventory.mark));

it('stock is taken once however often it is asked, and short stock is an answer', async () => {
  const inventory = new OneSku(3);
  expect(await run(inventory, takeStock)).toEqual({ outcome: 'taken' });
  expect(await run(inventory, takeStock)).toEqual({ outcome: 'taken' });
  expect(inventory.available).toBe(1);
  expect(await run(new OneSku(1), takeStock)).toEqual({ outcome: 'out-of-stock', missing: ['SKU-1'] });
});

it('stock that was never taken is barred: a late transaction takes nothing', async () => {
  const inventory = new OneSku(3);
  expect(await run(inventory, releaseStock)).toEqual({ outcome: 'released' });
  await expect(run(inventory, takeStock)).rejects.toMatchObject({ name: 'StockBarred' });
  expect(inventory.available).toBe(3);
});

it('whatever comes in whatever order, stock is what the mark says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (takes) => {
      const inventory = new OneSku(5);
      for (const takesStock of takes)
        await run(inventory, takesStock ? takeStock : releaseStock).catch(() => undefined);
      expect(inventory.available).toBe(inventory.mark === 'taken' ? 3 : 5);
    }),
  );
});
