import type { Order } from './order';

export const endStates = ['confirmed', 'rejected', 'failed', 'needs-attention'] as const;
export type OrderStatus = 'received' | 'awaiting-approval' | (typeof endStates)[number];

/** What has happened to an order; each is written down once, with when. */
export type Milestone =
  | 'received'
  | 'validated'
  | 'approval requested'
  | 'approved'
  | 'approval refused'
  | 'charged'
  | 'declined'
  | 'stock taken'
  | 'out of stock'
  | 'stock given back'
  | 'refunded'
  | 'charge voided'
  | 'customer told'
  | OrderStatus;

export interface OrderRecord {
  readonly order: Order;
  readonly status: OrderStatus;
  /** Fingerprint of the order; tells a repeated order from another one under the same id. */
  readonly content: string;
  /** Absent until the execution has been started. */
  readonly executionArn?: string;
  /** Whether stock was taken for the order, or given back or barred; absent where neither has happened. */
  readonly inventory?: 'taken' | 'released';
  /** The customer has been told of an outcome; a repeated step tells nobody twice. */
  readonly toldOf?: string;
}

/** The state machine was started for an order that is not in the table. */
export class OrderUnknown extends Error {
  override readonly name = 'OrderUnknown';
}
