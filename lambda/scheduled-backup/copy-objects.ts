import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { copyBatch, readBatch } from './copy-batch';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from './recorder';
import { refusalOf } from './s3-answers';
import { reading, writing } from './s3-journal';
import { connectToS3, s3Objects } from './s3-objects';

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
const client = connectToS3();

/** Copies a batch of the map; the answer is next to nothing, since the map's output gathers all answers. */
export const handler = async (event: unknown, context: Context): Promise<Record<string, never>> => {
  logger.addContext(context);
  const batch = readBatch(event);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const { signal } = deadline;
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  await copyBatch(batch, {
    objects: s3Objects({ client, signal }),
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    backupBucket: settings.BACKUP_BUCKET_NAME,
    journal: { ...reading(journal), ...writing(journal) },
    deadline,
    lanes: settings.OBJECTS_AT_ONCE,
    multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
    // Not the error's message: S3's words may repeat what they complain of, such as a value of the metadata.
    onFailed: ({ key, reason }, error) =>
      logger.error('object failed', { key, errorName: reason, ...refusalOf(error) }),
  });
  return {};
};
