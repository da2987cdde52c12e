import { Aws } from 'aws-cdk-lib';
import type { ServiceFunction } from '../constructs/service-function';

/** A state of a state machine, as the Amazon States Language writes it. */
export type State = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, State>>;

/** Errors that no retry helps: they go straight to what catches them. */
const permanent = ['UnusableRequest', 'Superseded'];

/** What a step tries again, and how. */
const retry = [
  { ErrorEquals: permanent, MaxAttempts: 0 },
  // Not a failure: each attempt goes on where the last one stopped.
  { ErrorEquals: ['OutOfTime', 'States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 100 },
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 5,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

/** A task that invokes a function of the stack with a payload. */
export function invoke(step: ServiceFunction, payload: object | string, more: State): State {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: step.function.functionArn,
      ...(typeof payload === 'string' ? { 'Payload.$': payload } : { Payload: payload }),
    },
    // Lambda ends a function itself; this is for an answer that never comes.
    TimeoutSeconds: (step.function.timeout?.toSeconds() ?? 900) + 30,
    Retry: retry,
    ...more,
  };
}

/** A map that gives every object under a prefix of a bucket to a processor, many at a time. */
export function mapOverBucket(
  label: string,
  parameters: object,
  maximumConcurrency: number,
  processor: object,
  more: State,
): State {
  return {
    Type: 'Map',
    Label: label,
    MaxConcurrency: maximumConcurrency,
    ItemReader: { Resource: `arn:${Aws.PARTITION}:states:::s3:listObjectsV2`, Parameters: parameters },
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
    Resource: `arn:${Aws.PARTITION}:states:::sns:publish`,
    Parameters: { TopicArn: topicArn, ...text },
    TimeoutSeconds: 60,
    Retry: [
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' },
    ],
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
