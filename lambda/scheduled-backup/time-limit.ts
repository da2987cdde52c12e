import { Deadline } from '../shared/deadline';

/** Share of an invocation's time that is kept free: no work begins in it, so that no function reaches the 80 % at which it counts as slow. */
const reservedShare = 0.25;

/** Milliseconds before the end at which requests are aborted, so that what was done can still be recorded. */
const requestReserve = 3_000;

/** Milliseconds before the end at which recording is aborted too. */
const recordReserve = 500;

/** Time limit of an invocation: nothing new begins in its last quarter, and requests are aborted just before its end. */
export interface TimeLimit {
  readonly hasTimeLeft: () => boolean;
  readonly signal: AbortSignal;
  /** Signal for recording what was done once `signal` has aborted. */
  readonly recordSignal: AbortSignal;
}

export function timeLimitOf(invocation: { getRemainingTimeInMillis(): number }): TimeLimit {
  const deadline = new Deadline(() => invocation.getRemainingTimeInMillis());
  const reserve = deadline.remainingMilliseconds * reservedShare;
  return {
    hasTimeLeft: () => deadline.hasTimeLeft(reserve),
    signal: deadline.signalBefore(requestReserve),
    recordSignal: deadline.signalBefore(recordReserve),
  };
}
