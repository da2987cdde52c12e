import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { failedRequestOf } from './adapters/s3-object-head';
import { copyBatch, readBatch, type BatchResult } from './copy-batch';
import { logger } from '../shared/observability';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    SOURCE_BUCKET_NAME: z.string(),
    BACKUP_BUCKET_NAME: z.string(),
    JOURNAL_BUCKET_NAME: z.string(),
    OBJECTS_AT_ONCE: wholeNumber,
    MULTIPART_THRESHOLD_BYTES: wholeNumber,
  }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Copies or repairs a batch of a map, and returns whether it is finished. */
export const handler = async (event: unknown, context: Context): Promise<BatchResult> => {
  logger.addContext(context);
  const timeLimit = timeLimitOf(context);
  const { signal } = timeLimit;
  const batch = await readBatch(event, { client, signal, bucket: settings.BACKUP_BUCKET_NAME });
  return copyBatch(batch, {
    s3: { client, signal },
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    backupBucket: settings.BACKUP_BUCKET_NAME,
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    timeLimit,
    now: Date.now,
    concurrency: settings.OBJECTS_AT_ONCE,
    multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
    // Without the error's message: S3 may quote what it refuses, such as a value of the metadata.
    onFailed: ({ key, reason }, error) =>
      logger.error('object failed', { key, errorName: reason, ...failedRequestOf(error) }),
  });
};
