/**
 * Why an order could not be settled.
 *
 * `permanent`: trying again cannot help, a person has to look. `mendable`: it can help once somebody has mended the
 * cause. `transient`: it helps by itself, later.
 */
export const failureReasons = {
  /** The message is no order and no claim check. */
  malformed: 'permanent',
  /** The claim check names a bucket that is not the stack's. */
  'foreign-payload': 'permanent',
  'payload-too-large': 'permanent',
  /** The order's id is taken by an order of other content, which stands. */
  'conflicting-order': 'permanent',
  /** There is no object under the claim check's key. */
  'payload-missing': 'mendable',
  /** The object is there and is no order. */
  'payload-malformed': 'mendable',
  /** Other transactions held the same items, or a table was throttled, for longer than a function waits. */
  'tables-busy': 'transient',
  /** The function ran out of time while it worked on the message. */
  'out-of-time': 'transient',
  /** Anything else: access denied, a service out of order, a defect. */
  unexpected: 'transient',
} as const;

export type FailureReason = keyof typeof failureReasons;

/** A message that is not done: its reason, and a detail that names places and never values. */
export class OrderFailed extends Error {
  override readonly name = 'OrderFailed';

  constructor(
    readonly reason: FailureReason,
    /** For people: a field's path, an API's name, a size; nothing of what the message says. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}: ${detail}`, options);
  }

  /** Whether a later try can succeed without anyone's doing or with it. */
  get retryable(): boolean {
    return failureReasons[this.reason] !== 'permanent';
  }
}

/** Turns what was thrown into a failure; of an error that is not ours only the name is kept, its message may quote data. */
export function asFailure(thrown: unknown): OrderFailed {
  if (thrown instanceof OrderFailed) return thrown;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return new OrderFailed('unexpected', name, { cause: thrown });
}
