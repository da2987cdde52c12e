import type { Order } from './order';

/** `needs-attention` is terminal only until an operator has repaired the order. */
export type OrderStatus = 'received' | 'awaiting-approval' | 'confirmed' | 'rejected' | 'failed' | 'needs-attention';

/** Statuses in which an order waits for a person; such orders are in the index `watched`. */
export type WaitingStatus = Extract<OrderStatus, 'awaiting-approval' | 'needs-attention'>;

/** Entry of an order's timestamped status history; each is recorded once. */
export type Milestone =
  | 'received'
  | 'validated'
  | 'approval requested'
  | 'approved'
  | 'approval refused'
  | 'charged'
  | 'declined'
  | 'stock reserved'
  | 'out of stock'
  | 'stock released'
  | 'refunded'
  | 'charge voided'
  | 'customer notified'
  | OrderStatus;

export interface OrderRecord {
  readonly order: Order;
  readonly status: OrderStatus;
  /** Absent until the execution has been started. */
  readonly executionArn?: string;
  /** `released` also blocks a reservation that arrives late; absent before either. */
  readonly inventory?: 'reserved' | 'released';
  /** Outcome that the customer has been notified of; a repeated step does not notify again. */
  readonly notifiedOutcome?: string;
}

/** The state machine was started for an order that is not in the table. */
export class OrderNotFoundError extends Error {
  override readonly name = 'OrderNotFoundError';
}
