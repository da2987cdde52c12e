import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { addToWindow } from '../../../lambda/stream-processor/adapters/dynamodb-windows';
import { archiveReadings } from '../../../lambda/stream-processor/adapters/s3-archive';
import { aggregateBatch } from '../../../lambda/stream-processor/aggregation';
import type { ReceivedRecord } from '../../../lambda/stream-processor/reading-batch';
import { streamResponse } from '../../../lambda/stream-processor/stream-response';
import { tables, type Services } from './services';

const rules = { windowSeconds: 60, latenessSeconds: 3_600, clockToleranceSeconds: 300 };

/** Work of AggregateReadings on a batch, without the event around it. */
export function ourHandler(services: Services): (records: readonly ReceivedRecord[]) => Promise<void> {
  const retryPolicy = {
    hasTimeLeft: () => false,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const windows = {
    client: new DynamoDBClient(services.clientConfig),
    windowsTableName: tables.windows,
    seenTableName: tables.seen,
    expiresAt: () => 0,
    retryPolicy,
  };
  const archive = { client: new S3Client(services.clientConfig), bucketName: 'archive', retryPolicy };
  return async (records) => {
    const { failure } = await aggregateBatch(records, {
      rules,
      concurrency: 10,
      addToWindow: (group) => addToWindow(windows, group),
      archive: (readings, late) => archiveReadings(archive, { name: 'batch', arrivedAt: 0 }, readings, late),
    });
    if (streamResponse(records, failure).batchItemFailures.length > 0) throw new Error('a reading failed');
  };
}
