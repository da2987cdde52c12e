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

/** Retrier for errors that no further attempt clears: they go straight to what catches them. */
export function never(errors: readonly string[]): object {
  return { ErrorEquals: errors, MaxAttempts: 0 };
}

/** Resource of a task or of an item reader by its service integration, such as `lambda:invoke` or `sns:publish`. */
export function integration(name: string): string {
  return `arn:${Aws.PARTITION}:states:::${name}`;
}
