import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { createStatesClient } from '../shared/states-client';
import { isExecutionRunning } from './adapters/states-executions';
import { beginBackup, type BackupStart } from './backup-start';
import { logger } from '../shared/observability';
import { publishBackupMetrics } from './backup-metrics';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    SOURCE_BUCKET_NAME: z.string(),
    BACKUP_BUCKET_NAME: z.string(),
    JOURNAL_BUCKET_NAME: z.string(),
    TIME_ZONE: z.string(),
    AWS_REGION: z.string(),
  }),
  process.env,
);
const client = createS3Client(s3Limits);
const stepFunctions = createStatesClient({ maxAttempts: 5, connectionTimeout: 2_000, requestTimeout: 10_000 });

/** First step of a backup: decides which day is backed up, and whether this execution does it. */
export const handler = async (event: unknown, context: Context): Promise<BackupStart> => {
  logger.addContext(context);
  const { signal } = timeLimitOf(context);
  const start = await beginBackup(event, {
    timeZone: settings.TIME_ZONE,
    region: settings.AWS_REGION,
    now: () => new Date(),
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    source: { client, signal, bucket: settings.SOURCE_BUCKET_NAME },
    isRunning: (execution) => isExecutionRunning({ client: stepFunctions }, execution),
  });
  const { day, run, decision, reason } = start;
  logger.info('backup begun', { day, run, decision, reason });
  if (decision === 'refuse') publishBackupMetrics(settings.BACKUP_BUCKET_NAME, { RefusedRuns: 1 });
  return start;
};
