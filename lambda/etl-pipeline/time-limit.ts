import { Deadline } from '../shared/deadline';

/** Share of an invocation's time in which no work begins, so that no function reaches the 80 % at which it counts as slow. */
const reservedShare = 0.25;

/** Milliseconds before the end at which requests are aborted. */
const requestReserve = 2_000;

/** Time limit of an invocation. */
export interface TimeLimit {
  readonly hasTimeLeft: () => boolean;
  readonly signal: AbortSignal;
}

export function timeLimitOf(invocation: { getRemainingTimeInMillis(): number }): TimeLimit {
  const deadline = new Deadline(() => invocation.getRemainingTimeInMillis());
  const reserve = deadline.remainingMilliseconds * reservedShare;
  return { hasTimeLeft: () => deadline.hasTimeLeft(reserve), signal: deadline.signalBefore(requestReserve) };
}
