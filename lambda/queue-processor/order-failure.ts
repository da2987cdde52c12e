/**
 * Reasons for which an order failed.
 *
 * `permanent`: a retry cannot help, a person has to look. `fixable`: a retry helps after somebody has fixed the cause.
 * `transient`: a later retry helps without anyone's action.
 */
export const failureReasons = {
  /** The message is neither an order nor a claim check. */
  malformed: 'permanent',
  /** The claim check names another bucket than the stack's. */
  'foreign-payload': 'permanent',
  'payload-too-large': 'permanent',
  /** Another order with other content has this id; the first one is kept. */
  'conflicting-order': 'permanent',
  /** There is no object under the claim check's key. */
  'payload-missing': 'fixable',
  /** The object exists and is not an order. */
  'payload-malformed': 'fixable',
  /** Other transactions held the same items, or a table was throttled, for longer than a function retries. */
  'tables-busy': 'transient',
  /** The function ran out of time while it processed the message. */
  'out-of-time': 'transient',
  /** Anything else: access denied, an unavailable service, a defect. */
  unexpected: 'transient',
} as const;

export type FailureReason = keyof typeof failureReasons;

/** A message could not be processed; its detail names fields, APIs and sizes, never values. */
export class OrderFailedError extends Error {
  override readonly name = 'OrderFailedError';

  constructor(
    readonly reason: FailureReason,
    /** For people: a field's path, an API's name, a size; nothing of the message's content. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}: ${detail}`, options);
  }

  /** Whether a later retry can succeed, with or without anyone's action. */
  get retryable(): boolean {
    return failureReasons[this.reason] !== 'permanent';
  }
}

/** Converts a thrown value to an OrderFailedError; of a foreign error only the name is kept, its message may quote data. */
export function toOrderFailedError(thrown: unknown): OrderFailedError {
  if (thrown instanceof OrderFailedError) return thrown;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return new OrderFailedError('unexpected', name, { cause: thrown });
}
