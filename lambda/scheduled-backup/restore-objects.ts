import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { readText, writeText } from './adapters/s3-text-store';
import type { BatchResult } from './copy-batch';
import { StorageFailedError } from './errors';
import { readResult, restoredPartSchema, resultKey } from './journal';
import { fromLines } from './manifest';
import { logger } from '../shared/observability';
import { parseStepInput } from './requests';
import { restorePart } from './restoration';
import { restoreRunSchema } from './restore-start';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    BACKUP_BUCKET_NAME: z.string(),
    JOURNAL_BUCKET_NAME: z.string(),
    OBJECTS_AT_ONCE: wholeNumber,
    MULTIPART_THRESHOLD_BYTES: wholeNumber,
  }),
  process.env,
);
const client = createS3Client(s3Limits);
const eventSchema = z.object({ restore: restoreRunSchema, part: z.string() });

/** Restores the objects of one manifest part, records the result in the journal, and returns whether the part is finished. */
export const handler = async (event: unknown, context: Context): Promise<BatchResult> => {
  logger.addContext(context);
  const { restore, part } = parseStepInput(eventSchema, event);
  const { day, run } = restore;
  const timeLimit = timeLimitOf(context);
  const { signal, recordSignal } = timeLimit;
  const stored = await readText({ client, signal, bucket: settings.BACKUP_BUCKET_NAME }, part);
  if (stored === undefined) throw new StorageFailedError(`${part} was listed but does not exist`);
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const key = resultKey(run, 'restored', part);
  const previous = await readResult(journal, key, restoredPartSchema);
  const result = await restorePart(
    restore,
    fromLines(stored.text),
    {
      s3: { client, signal },
      backupBucket: settings.BACKUP_BUCKET_NAME,
      timeLimit,
      concurrency: settings.OBJECTS_AT_ONCE,
      multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
    },
    previous,
  );
  for (const finding of result.findings.slice(previous?.findings.length ?? 0)) {
    logger.error('object not restored', { day, run, ...finding });
  }
  await writeText({ ...journal, signal: recordSignal }, key, JSON.stringify(result));
  return { finished: result.remaining.length === 0 };
};
