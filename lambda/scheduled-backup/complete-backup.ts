import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { completeBackup, type Completion } from './completion';
import { assemblyRunSchema } from './manifest-assembly';
import { logger } from '../shared/observability';
import { publishBackupMetrics } from './backup-metrics';
import { parseStepInput } from './requests';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({ SOURCE_BUCKET_NAME: z.string(), BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string() }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Last step of a backup: writes the summary of the manifest and the metrics, and returns the message to the topic. */
export const handler = async (event: unknown, context: Context): Promise<Completion> => {
  logger.addContext(context);
  const run = parseStepInput(assemblyRunSchema, event);
  const { signal } = timeLimitOf(context);
  const { summary, completion } = await completeBackup(run, {
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    now: () => new Date(),
  });
  const { day, status, counts, mismatched } = summary;
  logger.info('backup ended', { day, run: summary.run, status, verifyOnly: run.verifyOnly, ...counts, mismatched });
  publishBackupMetrics(settings.BACKUP_BUCKET_NAME, {
    MismatchedObjects: mismatched,
    ...(run.verifyOnly
      ? {}
      : {
          CompletedBackups: status === 'complete' ? 1 : 0,
          CopiedObjects: counts.copied,
          CopiedBytes: counts.bytes,
          SkippedObjects: counts.skipped,
          FailedObjects: counts.failed,
        }),
  });
  return completion;
};
