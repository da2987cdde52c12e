import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { OutOfTime, StorageFailed } from './failures';
import { findingsKey, readAttempt, verifiedSchema } from './journal';
import { fromLines } from './manifest';
import { logger } from './recorder';
import { readStep } from './requests';
import { reading, writing } from './s3-journal';
import { connectToS3, lookingAt } from './s3-objects';
import { partRequestSchema, verifyPart } from './verification';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string(), OBJECTS_AT_ONCE: wholeNumber }),
  process.env,
);
const client = connectToS3();

/** Verifies the copies that one part of a manifest names; what it finds goes into the journal. */
export const handler = async (event: unknown, context: Context): Promise<Record<string, never>> => {
  logger.addContext(context);
  const { day, run, part } = readStep(partRequestSchema, event);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const { signal } = deadline;
  const backup = reading({ client, signal, bucket: settings.BACKUP_BUCKET_NAME });
  const written = await backup.read(part);
  if (written === undefined) throw new StorageFailed(`${part} was listed and is not there`);
  const bucket = { client, bucket: settings.JOURNAL_BUCKET_NAME };
  const key = findingsKey(run, 'verified', part);
  const before = await readAttempt(reading({ ...bucket, signal }), key, verifiedSchema);
  const desk = {
    objects: lookingAt({ client, signal }),
    backupBucket: settings.BACKUP_BUCKET_NAME,
    deadline,
    lanes: settings.OBJECTS_AT_ONCE,
  };
  const verified = await verifyPart(day, fromLines(written.text), desk, before);
  for (const finding of verified.findings.slice(before?.findings.length ?? 0)) {
    logger.error('copy does not match', { day, run, ...finding });
  }
  await writing({ ...bucket, signal: deadline.lastSignal }).write(key, JSON.stringify(verified));
  const { length } = verified.left;
  if (length > 0) throw new OutOfTime(`${length} copies of the part are left: the next attempt goes on with them`);
  return {};
};
