import { integration, never, retry, type State } from '../constructs/asl';
import type { ServiceFunction } from '../constructs/service-function';

/** Retriers of every step. */
const retriers = [
  never(['InvalidRequestError', 'SupersededError']),
  // Not a failure: each attempt continues where the last one stopped.
  { ErrorEquals: ['OutOfTimeError', 'States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 100 },
  retry(['States.ALL'], { intervalSeconds: 2, maxAttempts: 5, maxDelaySeconds: 60 }),
];

/** Task that invokes a function of the stack. */
export function invoke(step: ServiceFunction, payload: object | string, more: object): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Parameters: {
      FunctionName: step.function.functionArn,
      ...(typeof payload === 'string' ? { 'Payload.$': payload } : { Payload: payload }),
    },
    // Lambda's own timeout ends the function; this one is for an answer that never arrives.
    TimeoutSeconds: (step.function.timeout?.toSeconds() ?? 900) + 30,
    Retry: retriers,
    ...more,
  };
}

/** Distributed map over the objects under a prefix of a bucket. */
export function mapOverBucket(
  label: string,
  parameters: object,
  maximumConcurrency: number,
  processor: object,
  more: object,
): State {
  return {
    Type: 'Map',
    Label: label,
    MaxConcurrency: maximumConcurrency,
    ItemReader: { Resource: integration('s3:listObjectsV2'), Parameters: parameters },
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...processor },
    // The outputs of all children together must not exceed 256 KiB: each is `{}`, and the result is discarded.
    ResultPath: null,
    ...more,
  };
}

/** Task that publishes a message to a topic. */
export function publish(topicArn: string, text: object, next: string): State {
  return {
    Type: 'Task',
    Resource: integration('sns:publish'),
    Parameters: { TopicArn: topicArn, ...text },
    TimeoutSeconds: 60,
    Retry: [retry(['States.ALL'], { maxAttempts: 3 })],
    ResultPath: null,
    Next: next,
    // A message that cannot be sent does not change the outcome of the run; the alarms report failures too.
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.publishError', Next: next }],
  };
}

/** Identity and start time of the execution, in the input of every first step. */
export const executionContext = {
  'id.$': '$$.Execution.Id',
  'name.$': '$$.Execution.Name',
  'startedAt.$': '$$.Execution.StartTime',
};
