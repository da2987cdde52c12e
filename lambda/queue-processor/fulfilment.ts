import { fingerprint as fingerprintOf, type Order } from './order';
import { OrderFailedError } from './order-failure';

/** Result of one action of a canceled transaction, in DynamoDB's terms. */
export interface ActionResult {
  /** `None`: this action alone would have succeeded. */
  readonly code: string;
  /** Fingerprint of the existing fulfilment, for the action that was to write one. */
  readonly fingerprint?: string | undefined;
}

/** Why nothing was written: the result of the fulfilment's action, then that of each line. */
export type CancellationReasons = readonly [ActionResult, ...ActionResult[]];

/** Tables that an order takes effect in; each call writes everything or nothing. */
export interface FulfilmentStore {
  /** Writes the fulfilment, if the order has none, and takes each line from stock, if there is enough. */
  writeFulfilment(order: Order, fingerprint: string): Promise<CancellationReasons | undefined>;
  /** Writes the fulfilment as backordered, if the order has none; stock is not changed. */
  writeBackorder(order: Order, fingerprint: string): Promise<CancellationReasons | undefined>;
}

/** Result of an order; `duplicate`: an earlier delivery already took effect. */
export type Outcome = 'fulfilled' | 'backordered' | 'duplicate';

/** Number of attempts on busy tables, and the delay between them. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Waits before attempt number `next`, counted from 2. */
  pause(next: number): Promise<void>;
}

/** Transient codes: another writer holds the items, or the table throttles. */
const transientCodes: readonly string[] = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

type Classification = 'duplicate' | 'conflicting' | 'out-of-stock' | 'busy' | 'unknown';

/**
 * Fulfils an order once, however often and however concurrently it is called for the same order.
 *
 * It relies on the condition that the order has no fulfilment, which is checked in the transaction that takes the stock. A
 * killed worker leaves no lock behind, and nothing expires: the fulfilment stays.
 *
 * @throws OrderFailedError `conflicting-order`, `tables-busy` or `unexpected`
 */
export async function fulfil(order: Order, store: FulfilmentStore, retryPolicy: RetryPolicy): Promise<Outcome> {
  const fingerprint = fingerprintOf(order);
  for (let attempt = 1; attempt <= retryPolicy.attempts; attempt++) {
    if (attempt > 1) await retryPolicy.pause(attempt);

    let reasons = await store.writeFulfilment(order, fingerprint);
    if (reasons === undefined) return 'fulfilled';
    let classification = classify(reasons, fingerprint);
    if (classification === 'out-of-stock') {
      reasons = await store.writeBackorder(order, fingerprint);
      if (reasons === undefined) return 'backordered';
      classification = classify(reasons, fingerprint);
    }
    if (classification === 'duplicate') return 'duplicate';
    if (classification === 'conflicting') {
      throw new OrderFailedError('conflicting-order', 'another order has this id; the first one is kept');
    }
    if (classification !== 'busy') {
      const codes = [...new Set(reasons.map(({ code }) => code))].join(', ');
      throw new OrderFailedError('unexpected', `the tables refused the order: ${codes}`);
    }
  }
  throw new OrderFailedError('tables-busy', `refused ${retryPolicy.attempts} times in a row`);
}

/**
 * Classifies why a transaction was canceled. An existing fulfilment takes precedence: it is permanent, while the stock that
 * is short beside it may have been taken by the first delivery of this same order.
 */
export function classify([fulfilment, ...lines]: CancellationReasons, fingerprint: string): Classification {
  const failed = 'ConditionalCheckFailed';
  if (fulfilment.code === failed) return fulfilment.fingerprint === fingerprint ? 'duplicate' : 'conflicting';
  if (lines.some(({ code }) => code === failed)) return 'out-of-stock';
  if ([fulfilment, ...lines].some(({ code }) => transientCodes.includes(code))) return 'busy';
  return 'unknown';
}
