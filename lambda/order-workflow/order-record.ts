import type { Order } from './order';

/** `needs-attention` is terminal only until an operator has repaired the order. */
export type OrderStatus = 'received' | 'awaiting-approval' | 'confirmed' | 'rejected' | 'failed' | 'needs-attention';

/** Index of the orders that wait. */
export const watchedIndexName = 'watched';

/**
 * States in which an order waits: for its execution, or for a person. Such orders are in the index `watched`.
 *
 * `not-notified`: the order is in a terminal state, and its customer could not be notified.
 */
export type WatchState = Extract<OrderStatus, 'received' | 'awaiting-approval' | 'needs-attention'> | 'not-notified';

/** Entry of an order's timestamped status history; each is recorded once. */
export type Milestone =
  | 'received'
  | 'validated'
  | 'approval requested'
  | 'approved'
  | 'approval refused'
  | 'charge requested'
  | 'charged'
  | 'declined'
  | 'stock reserved'
  | 'out of stock'
  | 'stock released'
  | 'refund requested'
  | 'refunded'
  | 'charge voided'
  | 'customer notified'
  | OrderStatus;

export interface OrderRecord {
  readonly order: Order;
  readonly status: OrderStatus;
  /** Counts the executions of the order: 1, and one more for each restart. */
  readonly generation: number;
  readonly milestones: ReadonlySet<string>;
  /** Absent until the execution has been started. */
  readonly executionArn?: string;
  /** `released` also blocks a reservation that arrives late; absent before either. */
  readonly inventory?: 'reserved' | 'released';
  /** Outcome that the customer has been notified of; a repeated step does not notify again. */
  readonly notifiedOutcome?: string;
  readonly watch?: string;
}

/** The state machine was started for an order that is not in the table. */
export class OrderNotFoundError extends Error {
  override readonly name = 'OrderNotFoundError';
}

/** The order has been restarted: steps of its earlier execution change nothing any more. */
export class SupersededExecutionError extends Error {
  override readonly name = 'SupersededExecutionError';
}

/** The order is in a terminal state, which a step must not change. */
export class OrderEndedError extends Error {
  override readonly name = 'OrderEndedError';
}
