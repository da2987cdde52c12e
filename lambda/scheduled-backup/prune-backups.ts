import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { pruneBackups, type Pruned } from './pruning';
import { logger } from '../shared/observability';
import { publishBackupMetrics } from './backup-metrics';
import { parseStepInput } from './requests';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), RETENTION_DAYS: wholeNumber }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Removes days older than the retention until time runs out; it runs only after a complete backup. */
export const handler = async (event: unknown, context: Context): Promise<Pruned> => {
  logger.addContext(context);
  const { day } = parseStepInput(z.object({ day: z.string() }), event);
  const { signal, hasTimeLeft } = timeLimitOf(context);
  const pruned = await pruneBackups(day, {
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    retentionDays: settings.RETENTION_DAYS,
    hasTimeLeft,
  });
  logger.info('old backups removed', { days: pruned.days, hasMore: pruned.hasMore });
  if (pruned.days.length > 0) publishBackupMetrics(settings.BACKUP_BUCKET_NAME, { PrunedDays: pruned.days.length });
  return pruned;
};
