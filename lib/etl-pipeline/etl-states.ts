import { never, retry, type State } from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import { invokeUntilFinished, mapOverBucket } from '../constructs/map-states';
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
  const name = `${label}: a chunk`;
  return mapOverBucket(
    {
      label,
      maximumConcurrency,
      listing: {
        Bucket: workBucketName,
        'Prefix.$': `States.Format('files/{}/{}/${folder}/', $.file.fileId, $.file.generation)`,
      },
      results: { bucketName: workBucketName, prefix: mapResultsPrefix },
      processor: { StartAt: name, States: invokeUntilFinished(name, step, '$', retriers) },
    },
    {
      ItemSelector: { 'file.$': '$.file', 'format.$': '$.format', 'chunk.$': '$$.Map.Item.Value.Key' },
      ...more,
    },
  );
}
