import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { StorageFailed } from './failures';
import { findingsKey } from './journal';
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
  const verified = await verifyPart(day, fromLines(written.text), {
    objects: lookingAt({ client, signal }),
    backupBucket: settings.BACKUP_BUCKET_NAME,
    deadline,
    lanes: settings.OBJECTS_AT_ONCE,
  });
  for (const { key, reason } of verified.findings) logger.error('copy does not match', { day, run, key, reason });
  const journal = writing({ client, signal, bucket: settings.JOURNAL_BUCKET_NAME });
  await journal.write(findingsKey(run, 'verified', part), JSON.stringify(verified));
  return {};
};
