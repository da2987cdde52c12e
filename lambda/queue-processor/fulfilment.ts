import { contentOf, type Order } from './order';
import { OrderFailed } from './order-failure';

/** What became of one action of a refused transaction, in DynamoDB's terms. */
export interface ActionResult {
  /** `None`: this action would have gone through. */
  readonly code: string;
  /** The content of the fulfilment that is there, where the action was to write one. */
  readonly content?: string | undefined;
}

/** Why nothing was written: the fulfilment's action first, then that of each line. */
export type Refusal = readonly [ActionResult, ...ActionResult[]];

/** The tables that an order takes effect in; each call writes all that it says or nothing. */
export interface Fulfilments {
  /** Writes the fulfilment, if the order has none, and takes each line from stock, if there is enough. */
  fulfil(order: Order, content: string): Promise<Refusal | undefined>;
  /** Writes the fulfilment as backordered, if the order has none; stock stays as it is. */
  backorder(order: Order, content: string): Promise<Refusal | undefined>;
}

/** `duplicate`: the order had its fulfilment from an earlier delivery. */
export type Outcome = 'fulfilled' | 'backordered' | 'duplicate';

/** How often busy tables are asked, and the wait in between. */
export interface Patience {
  readonly attempts: number;
  /** Waits before attempt number `next`, counted from 2. */
  pause(next: number): Promise<void>;
}

/** Codes that go away by themselves: other writers hold the items, or the table is asked too much. */
const transientCodes: readonly string[] = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

type Verdict = 'duplicate' | 'conflicting' | 'short' | 'busy' | 'impossible';

/**
 * Gives an order its effect, once, however often and in whatever company it is called for the same order.
 *
 * That rests on the condition that the order has no fulfilment, which is checked in the transaction that takes the stock.
 * There is nothing to lock, so nothing that a killed worker leaves locked, and nothing that expires: the fulfilment stays.
 *
 * @throws OrderFailed `conflicting-order`, `tables-busy` or `unexpected`
 */
export async function fulfil(order: Order, fulfilments: Fulfilments, patience: Patience): Promise<Outcome> {
  const content = contentOf(order);
  for (let attempt = 1; attempt <= patience.attempts; attempt++) {
    if (attempt > 1) await patience.pause(attempt);

    let refusal = await fulfilments.fulfil(order, content);
    if (refusal === undefined) return 'fulfilled';
    let verdict = judge(refusal, content);
    if (verdict === 'short') {
      refusal = await fulfilments.backorder(order, content);
      if (refusal === undefined) return 'backordered';
      verdict = judge(refusal, content);
    }
    if (verdict === 'duplicate') return 'duplicate';
    if (verdict === 'conflicting') {
      throw new OrderFailed('conflicting-order', 'another order has this id; it stands as it was first delivered');
    }
    if (verdict !== 'busy') {
      const codes = [...new Set(refusal.map(({ code }) => code))].join(', ');
      throw new OrderFailed('unexpected', `the tables refused the order: ${codes}`);
    }
  }
  throw new OrderFailed('tables-busy', `refused ${patience.attempts} times in a row`);
}

/**
 * Judges a refusal. A fulfilment that is there decides before all else: it never goes away, while stock that is short
 * beside it may have been taken by this very order's first delivery.
 */
export function judge([fulfilment, ...lines]: Refusal, content: string): Verdict {
  const failed = 'ConditionalCheckFailed';
  if (fulfilment.code === failed) return fulfilment.content === content ? 'duplicate' : 'conflicting';
  if (lines.some(({ code }) => code === failed)) return 'short';
  if ([fulfilment, ...lines].some(({ code }) => transientCodes.includes(code))) return 'busy';
  return 'impossible';
}
