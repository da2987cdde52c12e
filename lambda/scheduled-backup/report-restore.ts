import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { logger } from '../shared/observability';
import { publishBackupMetrics } from './backup-metrics';
import { parseStepInput } from './requests';
import { reportRestore, type RestoreEnd } from './restore-report';
import { restoreRunSchema } from './restore-start';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string() }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Last step of a restore: writes the report and the metric, and returns the message to the topic. */
export const handler = async (event: unknown, context: Context): Promise<RestoreEnd> => {
  logger.addContext(context);
  const run = parseStepInput(restoreRunSchema, event);
  const { signal } = timeLimitOf(context);
  const end = await reportRestore(run, {
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    now: () => new Date(),
  });
  const { restored, identical, kept, failed, notBackedUp, bytes } = end.report;
  const { day, dryRun } = run;
  logger.info('restore ended', { day, run: run.run, dryRun, restored, identical, kept, failed, notBackedUp, bytes });
  if (!dryRun) publishBackupMetrics(settings.BACKUP_BUCKET_NAME, { RestoredObjects: restored });
  return end;
};
