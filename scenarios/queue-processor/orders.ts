import type { Order } from '../../lambda/queue-processor/order';
import { shuffled } from '../shared/faults/reordering';
import type { ScenarioRun } from '../shared/scenario';

/** A message to send; the customer is its message group on a FIFO queue. */
export interface Outgoing {
  readonly body: string;
  readonly customerId: string;
  /** Message group on a standard queue, where it makes the queue fair between tenants and orders nothing. */
  readonly fairGroup?: string;
}

const customers = 20;

/**
 * Creates orders for one to four of the SKUs, one to five units each.
 *
 * @param from number of the first one, which is part of its id
 */
export function placeOrders(run: ScenarioRun, count: number, skus: readonly string[], from = 0): Order[] {
  return Array.from({ length: count }, (_, offset) => from + offset).map((index) => ({
    orderId: `${run.runId}-${index}`,
    customerId: `${run.runId}-customer-${index % customers}`,
    placedAt: new Date().toISOString(),
    items: shuffled(run, skus)
      .slice(0, 1 + Math.floor(run.random() * 4))
      .map((sku) => ({ sku, quantity: 1 + Math.floor(run.random() * 5) })),
  }));
}

export function messageOf(order: Order): Outgoing {
  return { body: JSON.stringify(order), customerId: order.customerId };
}

/** Returns the claim check of an order that is stored in the payload bucket. */
export function claimCheckOf({ customerId }: Order, bucket: string, key: string): Outgoing {
  return { body: JSON.stringify({ payload: { bucket, key } }), customerId };
}

/** Returns messages that are malformed in different ways; all contain the run's id. */
export function malformedMessages(run: ScenarioRun, count: number): Outgoing[] {
  return Array.from({ length: count }, (_, index) => {
    const customerId = `${run.runId}-customer-${index % customers}`;
    const item = { sku: `${run.runId}-sku`, quantity: 1 };
    const good = {
      orderId: `${run.runId}-malformed-${index}`,
      customerId,
      placedAt: '2026-11-21T08:00:00Z',
      items: [item],
    };
    const wrong: unknown[] = [
      { ...good, items: [] },
      { ...good, items: [{ ...item, quantity: 0 }] },
      { ...good, items: [{ ...item, quantity: 1.5 }] },
      { ...good, items: [{ ...item, quantity: 1_001 }] },
      { ...good, items: Array.from({ length: 51 }, () => item) },
      { ...good, placedAt: 'yesterday' },
      { ...good, customerId: undefined },
      { ...good, orderId: `${good.orderId}@example.com` },
      [good],
      { payload: { key: good.orderId } },
    ];
    const text = JSON.stringify(wrong[index % (wrong.length + 1)]) as string | undefined;
    return { body: text ?? JSON.stringify(good).slice(0, -1), customerId };
  });
}

/** Returns the order ids under which malformed messages would have taken effect. */
export function malformedIds(run: ScenarioRun, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${run.runId}-malformed-${index}`);
}
