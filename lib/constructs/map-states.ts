import { integration, retry, type State, type States } from './asl';
import { invokeFunction } from './invoke-function';
import type { ServiceFunction } from './service-function';

export interface BucketMap {
  readonly label: string;
  /** Parameters of the listing whose objects are the items. */
  readonly listing: object;
  readonly maximumConcurrency: number;
  /** Bucket and folder for the outputs of the children. */
  readonly results: { readonly bucketName: string; readonly prefix: string };
  /** Start and states of a child. */
  readonly processor: { readonly StartAt: string; readonly States: States };
}

/** Distributed map over the objects of a listing. */
export function mapOverBucket(map: BucketMap, more: object): State {
  const { label, listing, maximumConcurrency, results, processor } = map;
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
      Parameters: { Bucket: results.bucketName, Prefix: results.prefix.replace(/\/$/, '') },
      // Outputs alone, without the inputs, which have keys of objects.
      WriterConfig: { OutputType: 'JSONL', Transformation: 'COMPACT' },
    },
    ResultPath: null,
    ...more,
  };
}

/**
 * States of a map's child that invoke a function until it has finished its item. Their output is empty. Names of states are unique
 * in the whole machine.
 */
export function invokeUntilFinished(
  name: string,
  step: ServiceFunction,
  payload: object | string,
  retriers: readonly object[],
  more: object = {},
): States {
  return {
    [name]: invokeFunction(step, payload, retriers, {
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

/** Task that publishes a message; one that cannot be sent does not change how the execution ends. */
export function publish(topicArn: string, text: object, next: string): State {
  return {
    Type: 'Task',
    Resource: integration('sns:publish'),
    Parameters: { TopicArn: topicArn, ...text },
    TimeoutSeconds: 60,
    Retry: [retry(['States.ALL'], { maxAttempts: 5, maxDelaySeconds: 60 })],
    ResultPath: null,
    Next: next,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.publishError', Next: next }],
  };
}
