import { integration, never, retry, type State } from '../constructs/asl';
import type { ServiceFunction } from '../constructs/service-function';

/** Errors that no retry helps: they go straight to what catches them. */
const permanent = ['UnusableRequest', 'Superseded'];

/** Retriers of every step. */
const retriers = [
  never(permanent),
  // Not a failure: each attempt goes on where the last one stopped.
  { ErrorEquals: ['OutOfTime', 'States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 100 },
  retry(['States.ALL'], { intervalSeconds: 2, maxAttempts: 5, maxDelaySeconds: 60 }),
];

/** A task that invokes a function of the stack with a payload. */
export function invoke(step: ServiceFunction, payload: object | string, more: object): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Parameters: {
      FunctionName: step.function.functionArn,
      ...(typeof payload === 'string' ? { 'Payload.$': payload } : { Payload: payload }),
    },
    // Lambda ends a function itself; this is for an answer that never comes.
    TimeoutSeconds: (step.function.timeout?.toSeconds() ?? 900) + 30,
    Retry: retriers,
    ...more,
  };
}

/** A map that gives every object under a prefix of a bucket to a processor, many at a time. */
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
    // What the children answer is gathered in memory of 256 KiB: they answer {}, and it is thrown away.
    ResultPath: null,
    ...more,
  };
}

/** A task that publishes to a topic. */
export function publish(topicArn: string, text: object, next: string): State {
  return {
    Type: 'Task',
    Resource: integration('sns:publish'),
    Parameters: { TopicArn: topicArn, ...text },
    TimeoutSeconds: 60,
    Retry: [retry(['States.ALL'], { maxAttempts: 3 })],
    ResultPath: null,
    Next: next,
    // A message that cannot be sent changes nothing in how the run has ended; the alarms tell of failures too.
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unsent', Next: next }],
  };
}

/** The execution's own name and start, as every first step is given them. */
export const execution = {
  'id.$': '$$.Execution.Id',
  'name.$': '$$.Execution.Name',
  'startedAt.$': '$$.Execution.StartTime',
};
