import { integration, never, retry, type State, type States } from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import type { ServiceFunction } from '../constructs/service-function';

/**
 * Retriers of every step. Throttled by Lambda, a function has not run, and a busy table or bucket clears up: both are waited for
 * for hours, apart from the attempts at the work. Each retry is three of an execution's 25,000 events.
 */
const retriers = [
  never(['InvalidInputError', 'AccountingError']),
  retry(['Lambda.TooManyRequestsException', 'ServiceBusyError', 'ContendedRowError'], {
    intervalSeconds: 2,
    maxAttempts: 500,
    maxDelaySeconds: 120,
  }),
  retry(['States.ALL'], { intervalSeconds: 2, maxAttempts: 5, maxDelaySeconds: 60 }),
];

/** Task that invokes a function. */
export function invoke(step: ServiceFunction, payload: object | string, more: object): State {
  return invokeFunction(step, payload, retriers, more);
}

/** Folder in the Work bucket for the outputs of a map's children. */
export const mapResultsPrefix = 'maps/';

export interface ChunkMap {
  readonly label: string;
  readonly step: ServiceFunction;
  readonly workBucketName: string;
  readonly maximumConcurrency: number;
  /** Folder of the objects that are the items, after that of the file's generation. */
  readonly folder: 'chunks' | 'staged';
}

/** Distributed map over the chunks of a file, each of which is given to its function until that has finished it. */
export function mapOverChunks(map: ChunkMap, more: object): State {
  const { label, step, workBucketName, maximumConcurrency, folder } = map;
  return {
    Type: 'Map',
    Label: label,
    MaxConcurrency: maximumConcurrency,
    ItemReader: {
      Resource: integration('s3:listObjectsV2'),
      Parameters: {
        Bucket: workBucketName,
        'Prefix.$': `States.Format('files/{}/{}/${folder}/', $.file.fileId, $.file.generation)`,
      },
    },
    ItemSelector: { 'file.$': '$.file', 'format.$': '$.format', 'chunk.$': '$$.Map.Item.Value.Key' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...untilFinished(label, step),
    },
    // Without a bucket for them, the outputs of all children are gathered in the state's 256 KiB.
    // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
    ResultWriter: {
      Resource: integration('s3:putObject'),
      Parameters: { Bucket: workBucketName, Prefix: mapResultsPrefix.replace(/\/$/, '') },
      WriterConfig: { OutputType: 'JSONL', Transformation: 'COMPACT' },
    },
    ResultPath: null,
    ...more,
  };
}

function untilFinished(label: string, step: ServiceFunction): { StartAt: string; States: States } {
  const name = `${label}: a chunk`;
  return {
    StartAt: name,
    States: {
      [name]: invoke(step, '$', {
        ResultSelector: { 'finished.$': '$.Payload.finished' },
        ResultPath: '$.result',
        Next: `${name}: finished?`,
      }),
      [`${name}: finished?`]: {
        Type: 'Choice',
        Choices: [{ Variable: '$.result.finished', BooleanEquals: true, Next: `${name}: end` }],
        Default: name,
      },
      [`${name}: end`]: { Type: 'Pass', Result: {}, End: true },
    },
  };
}

/** Task that publishes a message; one that cannot be sent does not change how a file ends. */
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
