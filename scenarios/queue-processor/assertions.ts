import { isDeepStrictEqual } from 'node:util';
import type { Order } from '../../lambda/queue-processor/order';
import type { ScenarioRun } from '../shared/scenario';
import type { Outgoing } from './orders';
import type { OrderFixture } from './order-fixture';
import type { Fulfilment } from './tables';

/**
 * Asserts that every order has its fulfilment, and that of each SKU exactly the units of the fulfilled orders were taken, so
 * that none was taken twice.
 */
export async function assertExactlyOnce(
  run: ScenarioRun,
  fixture: OrderFixture,
  orders: readonly Order[],
  decided: readonly Fulfilment[],
): Promise<void> {
  const wrong = await wrongStock(fixture, orders, decided);
  run.metric('lost', `${orders.length - decided.length} of ${orders.length} orders`);
  run.metric('duplicated', wrong.length);
  run.assertEqual(decided.length, orders.length, 'no order is lost');
  run.assertEqual(wrong.slice(0, 5), [], 'no order is duplicated: the stock is exact to the unit');
}

/** Returns a line for each SKU whose stock is not what the fulfilled orders leave. */
export async function wrongStock(
  fixture: OrderFixture,
  orders: readonly Order[],
  decided: readonly Fulfilment[],
): Promise<string[]> {
  const fulfilled = new Set(decided.filter(({ status }) => status === 'fulfilled').map(({ orderId }) => orderId));
  const taken = unitsOf(orders.filter(({ orderId }) => fulfilled.has(orderId)));
  const available = await fixture.availableStock();
  return [...fixture.stock].flatMap(([sku, units]) => {
    const [expected, found] = [units - (taken.get(sku) ?? 0), available.get(sku)];
    return found === expected ? [] : [`${sku}: expected ${expected} units left, got ${found}`];
  });
}

/** Asserts that no order was backordered, where there is enough stock for all. */
export function assertAllFulfilled(run: ScenarioRun, decided: readonly Fulfilment[]): void {
  const others = decided.filter(({ status }) => status !== 'fulfilled');
  run.assertEqual(others.length, 0, 'no order is backordered');
}

/** Asserts that these bodies of dead letters, sorted, are those of the expected messages. */
export function assertDeadLetters(run: ScenarioRun, bodies: readonly string[], expected: readonly Outgoing[]): void {
  const expectedBodies = expected.map(({ body }) => body).sort();
  const other = bodies.filter((body) => !expectedBodies.includes(body)).length;
  run.assert(
    isDeepStrictEqual(bodies, expectedBodies),
    `the dead letters are exactly the ${expected.length} expected ones`,
    `${bodies.length}, of them ${other} others`,
  );
}

function unitsOf(orders: readonly Order[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { sku, quantity } of orders.flatMap(({ items }) => items))
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}
