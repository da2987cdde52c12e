import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { prune, type Pruned } from './pruning';
import { logger, recordMetrics } from './recorder';
import { readStep } from './requests';
import { listing, reading, removing } from './s3-journal';
import { connectToS3 } from './s3-objects';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), RETENTION_DAYS: wholeNumber }),
  process.env,
);
const client = connectToS3();

/** Removes days that are older than the retention, as far as its time goes; runs only after a complete backup. */
export const handler = async (event: unknown, context: Context): Promise<Pruned> => {
  logger.addContext(context);
  const { day } = readStep(z.object({ day: z.string() }), event);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const backup = { client, signal: deadline.signal, bucket: settings.BACKUP_BUCKET_NAME };
  const pruned = await prune(day, {
    backup: { ...reading(backup), ...listing(backup), ...removing(backup) },
    retentionDays: settings.RETENTION_DAYS,
    hasTime: () => deadline.hasTime,
  });
  logger.info('old backups removed', { days: pruned.days, again: pruned.again });
  if (pruned.days.length > 0) recordMetrics(settings.BACKUP_BUCKET_NAME, { PrunedDays: pruned.days.length });
  return pruned;
};
