import type { Order } from './order';
import type { OrderRecord } from './order-record';

/** The inventory is held by another order's transaction; the state machine tries again by this name. */
export class InventoryBusy extends Error {
  override readonly name = 'InventoryBusy';
}

export type Change =
  | { readonly done: true }
  /** Nothing was changed: the order's mark does not allow it, or these SKUs are short. */
  | { readonly done: false; readonly marked: boolean; readonly short: readonly string[] };

/** @throws InventoryBusy where trying again helps */
export interface Inventory {
  /** Takes all items if all are there and the order has no mark. */
  take(order: Order): Promise<Change>;
  /** Gives all items back if they were taken. */
  giveBack(order: Order): Promise<Change>;
  /** Keeps a late transaction from taking anything, if nothing was taken yet. */
  bar(order: Order): Promise<Change>;
}

export type Taken =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'out-of-stock'; readonly missing: readonly string[] };

/** Takes an order's stock once, however often it is asked. */
export async function takeStock(
  inventory: Inventory,
  order: Order,
  markOf: () => Promise<OrderRecord['inventory']>,
): Promise<Taken> {
  const change = await inventory.take(order);
  if (change.done) return { outcome: 'taken' };
  if (!change.marked) return { outcome: 'out-of-stock', missing: change.short };
  const mark = await markOf();
  if (mark === 'taken') return { outcome: 'taken' };
  throw new StockBarred(`the stock of order ${order.orderId} was given back: it is taken no more`);
}

/** Undoes what may have been taken: gives it back, or bars a transaction that has not arrived. */
export async function releaseStock(
  inventory: Inventory,
  order: Order,
  markOf: () => Promise<OrderRecord['inventory']>,
): Promise<{ readonly outcome: 'released' }> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const mark = await markOf();
    if (mark === 'released') return { outcome: 'released' };
    const change = mark === 'taken' ? await inventory.giveBack(order) : await inventory.bar(order);
    if (change.done) return { outcome: 'released' };
    if (change.short.length > 0)
      throw new StockBarred(`SKUs of order ${order.orderId} are not in the inventory any more`);
  }
  throw new InventoryBusy(`the mark of order ${order.orderId} changed three times`);
}

/** Stock cannot be moved as asked, and trying again cannot help. */
export class StockBarred extends Error {
  override readonly name = 'StockBarred';
}
