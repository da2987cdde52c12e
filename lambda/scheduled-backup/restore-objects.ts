import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { StorageFailed } from './failures';
import { findingsKey } from './journal';
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
  const restored = await restorePart(restore, fromLines(written.text), {
    objects: s3Objects({ client, signal }),
    backupBucket: settings.BACKUP_BUCKET_NAME,
    deadline,
    lanes: settings.OBJECTS_AT_ONCE,
    multipartThresholdBytes: settings.MULTIPART_THRESHOLD_BYTES,
  });
  for (const { key, reason } of restored.findings) {
    logger.error('object not restored', { day: restore.day, run: restore.run, key, reason });
  }
  const journal = writing({ client, signal, bucket: settings.JOURNAL_BUCKET_NAME });
  await journal.write(findingsKey(restore.run, 'restored', part), JSON.stringify(restored));
  return {};
};
