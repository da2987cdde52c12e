import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { ServiceBusyError } from '../shared/service-busy';
import { s3Limits } from './adapters/s3-objects';
import { readText, writeText } from './adapters/s3-text-store';
import type { BatchResult } from './copy-batch';
import { StorageFailedError } from './errors';
import { readResult, resultKey, verifiedPartSchema } from './journal';
import { fromLines } from './manifest';
import { logger } from '../shared/observability';
import { parseStepInput } from './requests';
import { timeLimitOf } from './time-limit';
import { partRequestSchema, verifyPart } from './verification';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string(), OBJECTS_AT_ONCE: wholeNumber }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Verifies the copies of one manifest part, records the result in the journal, and returns whether the part is finished. */
export const handler = async (event: unknown, context: Context): Promise<BatchResult> => {
  logger.addContext(context);
  const { day, run, part } = parseStepInput(partRequestSchema, event);
  const timeLimit = timeLimitOf(context);
  const { signal, recordSignal } = timeLimit;
  const stored = await readText({ client, signal, bucket: settings.BACKUP_BUCKET_NAME }, part);
  if (stored === undefined) throw new StorageFailedError(`${part} was listed but does not exist`);
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const key = resultKey(run, 'verified', part);
  const previous = await readResult(journal, key, verifiedPartSchema);
  let busy: Error | undefined;
  const result = await verifyPart(
    day,
    fromLines(stored.text),
    {
      s3: { client, signal },
      backupBucket: settings.BACKUP_BUCKET_NAME,
      timeLimit,
      concurrency: settings.OBJECTS_AT_ONCE,
      onBusy: (error) => (busy = error),
    },
    previous,
  );
  for (const finding of result.findings.slice(previous?.findings.length ?? 0)) {
    logger.error('copy does not match', { day, run, ...finding });
  }
  await writeText({ ...journal, signal: recordSignal }, key, JSON.stringify(result));
  // The state machine waits before it tries the rest.
  if (busy !== undefined) throw new ServiceBusyError(busy.name);
  return { finished: result.remaining.length === 0 };
};
