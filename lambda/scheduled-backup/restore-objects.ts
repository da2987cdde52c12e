import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { OutOfTime, StorageFailed } from './failures';
import { findingsKey, readAttempt, restoredSchema } from './journal';
import { fromLines } from './manifest';
import { logger } from './recorder';
import { readStep } from './requests';
import { restorePart } from './restoration';
import { restoreRunSchema } from './restore-start';
import { reading, writing } from './s3-journal';
import { connectToS3, s3Objects } from './s3-objects';

const settings = readEnvironment(
  z.object({
    BACKUP_BUCKET_NAME: z.string(),
    JOURNAL_BUCKET_NAME: z.string(),
    OBJECTS_AT_ONCE: wholeNumber,
    MULTIPART_THRESHOLD_BYTES: wholeNumber,
  }),
  process.env,
);
const client = connectToS3();
const eventSchema = z.object({ restore: restoreRunSchema, part: z.string() });

/** Restores what one part of a manifest names; what became of it goes into the journal. */
export const handler = async (event: unknown, context: Context): Promise<Record<string, never>> => {
  logger.addContext(context);
  const { restore, part } = readStep(eventSchema, event);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const { signal } = deadline;
  const written = await reading({ client, signal, bucket: settings.BACKUP_BUCKET_NAME }).read(part);
  if (written === undefined) throw new StorageFailed(`${part} was listed and is not there`);
  const bucket = { client, bucket: settings.JOURNAL_BUCKET_NAME };
  const { day, run } = restore;
  const key = findingsKey(run, 'restored', part);
  const before = await readAttempt(reading({ ...bucket, signal }), key, restoredSchema);
  const desk = {
    objects: s3Objects({ client, signal }),
    backupBucket: settings.BACKUP_BUCKET_NAME,
    deadline,
    lanes: settings.OBJECTS_AT_ONCE,
    multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
  };
  const restored = await restorePart(restore, fromLines(written.text), desk, before);
  for (const finding of restored.findings.slice(before?.findings.length ?? 0)) {
    logger.error('object not restored', { day, run, ...finding });
  }
  await writing({ ...bucket, signal: deadline.lastSignal }).write(key, JSON.stringify(restored));
  const { length } = restored.left;
  if (length > 0) throw new OutOfTime(`${length} objects of the part are left: the next attempt goes on with them`);
  return {};
};
