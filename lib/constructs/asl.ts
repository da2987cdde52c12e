import { Aws } from 'aws-cdk-lib';

/** State of a state machine in the Amazon States Language. */
export type State = Readonly<Record<string, unknown>> & { readonly Type: string };
export type States = Readonly<Record<string, State>>;

/**
 * Errors of Lambda, and of the way to it, that another attempt can clear: the function did not run or was cut off.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const transientLambdaErrors = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'States.Timeout',
];

export interface RetryPolicy {
  readonly maxAttempts: number;
  /** @default 1 */
  readonly intervalSeconds?: number;
  readonly maxDelaySeconds?: number;
}

/** Retrier that waits twice as long each time, shortened at random so that executions do not come back together. */
export function retry(errors: readonly string[], policy: RetryPolicy): object {
  return {
    ErrorEquals: errors,
    IntervalSeconds: policy.intervalSeconds ?? 1,
    BackoffRate: 2,
    ...(policy.maxDelaySeconds === undefined ? {} : { MaxDelaySeconds: policy.maxDelaySeconds }),
    MaxAttempts: policy.maxAttempts,
    JitterStrategy: 'FULL',
  };
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy: 'FULL' | 'NONE';
}

export interface RetryWindow {
  /** Time for which attempts continue. Full jitter shortens each delay at random, on average by half, and with it the time. */
  readonly seconds: number;
  /** First delay; each further one is twice as long, up to `maxDelaySeconds`. */
  readonly intervalSeconds: number;
  readonly maxDelaySeconds: number;
  /** @default FULL, so that executions do not retry together */
  readonly jitter?: Retrier['JitterStrategy'];
}

/**
 * Retrier that continues for hours or days: a Standard workflow waits without compute, and each attempt is one billed transition.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
export function retryFor(errors: readonly string[], window: RetryWindow): Retrier {
  const { seconds, intervalSeconds, maxDelaySeconds, jitter = 'FULL' } = window;
  let total = 0;
  let attempts = 0;
  for (let delay = intervalSeconds; total < seconds; attempts++, delay = Math.min(delay * 2, maxDelaySeconds)) {
    total += delay;
  }
  return {
    ErrorEquals: errors,
    IntervalSeconds: intervalSeconds,
    BackoffRate: 2,
    MaxDelaySeconds: maxDelaySeconds,
    MaxAttempts: attempts,
    JitterStrategy: jitter,
  };
}

/** Longest time, in seconds, of all delays of a retrier and of its attempts, each of which takes at most `attemptSeconds`. */
export function longestRetrySeconds(retrier: Retrier, attemptSeconds: number): number {
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts } = retrier;
  const delays = Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
  );
  return delays.reduce((sum, delay) => sum + delay, 0) + MaxAttempts * attemptSeconds;
}

/** Retrier for errors that no further attempt clears: they go straight to what catches them. */
export function never(errors: readonly string[]): object {
  return { ErrorEquals: errors, MaxAttempts: 0 };
}

/** Resource of a task or of an item reader by its service integration, such as `lambda:invoke` or `sns:publish`. */
export function integration(name: string): string {
  return `arn:${Aws.PARTITION}:states:::${name}`;
}
