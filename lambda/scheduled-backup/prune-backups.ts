import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { StorageFailedError } from './errors';
import { maxFindings } from './journal';
import { pruneBackups, type Pruned } from './pruning';
import { logger } from '../shared/observability';
import { publishBackupMetrics } from './backup-metrics';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), RETENTION_DAYS: wholeNumber }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Removes expired days until time runs out; it runs only after a complete backup. */
export const handler = async (_event: unknown, context: Context): Promise<Pick<Pruned, 'hasMore'>> => {
  logger.addContext(context);
  const { signal, hasTimeLeft } = timeLimitOf(context);
  const pruned = await pruneBackups({
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    retentionDays: settings.RETENTION_DAYS,
    now: () => new Date(),
    hasTimeLeft,
  });
  const { days, failed, hasMore } = pruned;
  logger.info('expired backups removed', { days, hasMore });
  if (days.length > 0) publishBackupMetrics(settings.BACKUP_BUCKET_NAME, { PrunedDays: days.length });
  for (const { key, code } of failed.slice(0, maxFindings))
    logger.error('object not removed', { key, errorName: code });
  if (failed.length > 0 && !hasMore) {
    throw new StorageFailedError(`${failed.length} objects of expired backups were not removed (${failed[0]?.code})`);
  }
  return { hasMore };
};
