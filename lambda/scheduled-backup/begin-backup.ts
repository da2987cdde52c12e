import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { beginBackup, type BackupStart } from './backup-start';
import { Deadline } from './deadline';
import { readEnvironment } from '../shared/environment';
import { logger, recordMetrics } from './recorder';
import { listing, reading, writing } from './s3-journal';
import { connectToS3 } from './s3-objects';
import { connectToStepFunctions, isRunning } from './states-executions';

const settings = readEnvironment(
  z.object({
    SOURCE_BUCKET_NAME: z.string(),
    BACKUP_BUCKET_NAME: z.string(),
    JOURNAL_BUCKET_NAME: z.string(),
    TIME_ZONE: z.string(),
  }),
  process.env,
);
const client = connectToS3();
const stepFunctions = connectToStepFunctions();

/** The first step of a backup: which day, and whether it is this execution's to back up. */
export const handler = async (event: unknown, context: Context): Promise<BackupStart> => {
  logger.addContext(context);
  const { signal } = new Deadline(context.getRemainingTimeInMillis());
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const backup = { client, signal, bucket: settings.BACKUP_BUCKET_NAME };
  const start = await beginBackup(event, {
    timeZone: settings.TIME_ZONE,
    journal: { ...reading(journal), ...writing(journal) },
    backup: { ...reading(backup), ...listing(backup) },
    source: listing({ client, signal, bucket: settings.SOURCE_BUCKET_NAME }),
    isRunning: (execution) => isRunning(stepFunctions, execution),
  });
  const { day, run, decision, because } = start;
  logger.info('backup begun', { day, run, decision, because });
  if (decision === 'refuse') recordMetrics(settings.BACKUP_BUCKET_NAME, { RefusedRuns: 1 });
  return start;
};
