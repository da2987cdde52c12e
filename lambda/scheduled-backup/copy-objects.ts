import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { failedRequestOf } from './adapters/s3-object-head';
import { copyBatch, parseBatch } from './copy-batch';
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

/** Copies a batch of the map. The answer is empty, since the output of the map collects all answers. */
export const handler = async (event: unknown, context: Context): Promise<Record<string, never>> => {
  logger.addContext(context);
  const batch = parseBatch(event);
  const timeLimit = timeLimitOf(context);
  const { signal } = timeLimit;
  await copyBatch(batch, {
    s3: { client, signal },
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    backupBucket: settings.BACKUP_BUCKET_NAME,
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    timeLimit,
    concurrency: settings.OBJECTS_AT_ONCE,
    multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
    // Without the error's message: S3 may quote what it refuses, such as a value of the metadata.
    onFailed: ({ key, reason }, error) =>
      logger.error('object failed', { key, errorName: reason, ...failedRequestOf(error) }),
  });
  return {};
};
