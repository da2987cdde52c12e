import type { Order } from '../../lambda/queue-processor/order';
import type { ScenarioRun } from '../shared/scenario';
import type { Shop } from './shop';
import type { Fulfilment } from './tables';

/**
 * Every order is fulfilled once: each has its fulfilment, and of each SKU exactly those units are gone that the fulfilled
 * orders asked for, so none took them twice.
 */
export async function assertExact(
  run: ScenarioRun,
  shop: Shop,
  orders: readonly Order[],
  decided: readonly Fulfilment[],
): Promise<void> {
  const wrong = await wrongStock(shop, orders, decided);
  run.metric('lost', `${orders.length - decided.length} of ${orders.length} orders`);
  run.metric('duplicated', wrong.length);
  run.assert(
    decided.length === orders.length,
    'no order is lost',
    `${decided.length} of ${orders.length} decided upon`,
  );
  run.assert(
    wrong.length === 0,
    'no order is duplicated: the stock is exact to the unit',
    wrong.slice(0, 5).join('; ') || undefined,
  );
}

/** A line for each SKU of which there is not left what the fulfilled orders leave. */
export async function wrongStock(
  shop: Shop,
  orders: readonly Order[],
  decided: readonly Fulfilment[],
): Promise<string[]> {
  const fulfilled = new Set(decided.filter(({ status }) => status === 'fulfilled').map(({ orderId }) => orderId));
  const taken = unitsOf(orders.filter(({ orderId }) => fulfilled.has(orderId)));
  const available = await shop.available();
  return [...shop.stock].flatMap(([sku, units]) => {
    const [expected, found] = [units - (taken.get(sku) ?? 0), available.get(sku)];
    return found === expected ? [] : [`${sku}: ${found} left, not ${expected}`];
  });
}

/** Those who asked for what there is enough of, all of them. */
export function assertAllFulfilled(run: ScenarioRun, decided: readonly Fulfilment[]): void {
  const others = decided.filter(({ status }) => status !== 'fulfilled');
  run.assert(others.length === 0, 'every order is fulfilled', `${others.length} are not`);
}

function unitsOf(orders: readonly Order[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { sku, quantity } of orders.flatMap(({ items }) => items))
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}
