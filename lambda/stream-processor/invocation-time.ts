import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../shared/deadline';
import { pauseMilliseconds, type RetryPolicy } from './retry-policy';

/** Reserved for metrics and the response, in milliseconds: no call is on its way then. */
const responseReserve = 1_000;

/** Time that another attempt needs at least, with that reserve. */
const attemptReserve = 2_000;

/** Waits for busy services until an invocation is about to end. */
export function retryUntilDeadline(context: Pick<Context, 'getRemainingTimeInMillis'>): RetryPolicy {
  const deadline = new Deadline(() => context.getRemainingTimeInMillis());
  return {
    hasTimeLeft: () => deadline.hasTimeLeft(attemptReserve),
    pause: (attempt) => {
      const longest = Math.max(0, deadline.remainingMilliseconds - attemptReserve);
      return sleep(Math.min(longest, pauseMilliseconds(attempt, Math.random())));
    },
    signal: deadline.signalBefore(responseReserve),
  };
}
