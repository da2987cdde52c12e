import { isBusy } from '../shared/service-busy';

/** Way to wait for a service within an invocation. */
export interface RetryPolicy {
  /** Whether another attempt fits into the invocation. */
  readonly hasTimeLeft: () => boolean;
  /** Waits before the next attempt, and no longer than the invocation has time. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Aborts calls shortly before the invocation ends. */
  readonly signal: AbortSignal;
}

/**
 * Repeats a call while its service is busy and the invocation has time: so an outage uses up few of the record's retries, and
 * a record that cannot be processed fails at once.
 */
export async function patiently<T>(call: () => Promise<T>, { hasTimeLeft, pause }: RetryPolicy): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isBusy(error) || !hasTimeLeft()) throw error;
      await pause(attempt);
    }
  }
}

/** Longest delay before an attempt, in milliseconds. */
const longestPause = 5_000;

/** Delay before an attempt, in milliseconds: at random, twice as long each time, up to five seconds. */
export function pauseMilliseconds(attempt: number, random: number): number {
  return random * Math.min(longestPause, 50 * 2 ** attempt);
}
