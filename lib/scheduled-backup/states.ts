import { integration, never, retry, type State, type States } from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import type { ServiceFunction } from '../constructs/service-function';

/** Retriers of every step. */
const retriers = [
  never(['InvalidRequestError', 'SupersededError']),
  // Nothing ran, because other functions use up the concurrency of the account: that can last for hours. Each retry is three of an
  // execution's 25,000 events.
  retry(['Lambda.TooManyRequestsException'], { intervalSeconds: 2, maxAttempts: 2_000, maxDelaySeconds: 120 }),
  retry(['States.ALL'], { intervalSeconds: 2, maxAttempts: 5, maxDelaySeconds: 60 }),
];

/** Task that invokes a function of the stack. */
export function invoke(step: ServiceFunction, payload: object | string, more: object): State {
  return invokeFunction(step, payload, retriers, more);
}

/**
 * States of a map's child that invoke a function until it has finished its batch or part. Their output is empty. Names of states are
 * unique in the whole machine.
 */
export function invokeUntilFinished(
  name: string,
  step: ServiceFunction,
  payload: object | string,
  more: object = {},
): States {
  return {
    [name]: invoke(step, payload, {
      ResultSelector: { 'finished.$': '$.Payload.finished' },
      ResultPath: '$.result',
      Next: `${name}: finished?`,
      ...more,
    }),
    [`${name}: finished?`]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.result.finished', BooleanEquals: true, Next: `${name}: end` }],
      Default: name,
    },
    [`${name}: end`]: { Type: 'Pass', Result: {}, End: true },
  };
}

/** Folder in the journal for the outputs of a map's children. */
export const mapResultsPrefix = 'runs/maps/';

export interface ListedObjects {
  /** Parameters of the listing. */
  readonly listing: object;
  readonly journalBucketName: string;
}

/** Distributed map over the objects under a prefix of a bucket. */
export function mapOverBucket(
  label: string,
  { listing, journalBucketName }: ListedObjects,
  maximumConcurrency: number,
  processor: object,
  more: object,
): State {
  return {
    Type: 'Map',
    Label: label,
    MaxConcurrency: maximumConcurrency,
    ItemReader: { Resource: integration('s3:listObjectsV2'), Parameters: listing },
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...processor },
    // Without a bucket for them, the outputs of all children are collected in the state's 256 KiB: `{}` of 87,000 children is too much.
    // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
    ResultWriter: {
      Resource: integration('s3:putObject'),
      Parameters: { Bucket: journalBucketName, Prefix: mapResultsPrefix.replace(/\/$/, '') },
      // Outputs alone, without the inputs, which have keys of objects.
      WriterConfig: { OutputType: 'JSONL', Transformation: 'COMPACT' },
    },
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
