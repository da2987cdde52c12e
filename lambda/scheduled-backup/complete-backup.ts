import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { completeBackup, type Completion } from './completion';
import { Deadline } from './deadline';
import { readEnvironment } from '../shared/environment';
import { gatherRequestSchema } from './gathering';
import { logger, recordMetrics } from './recorder';
import { readStep } from './requests';
import { listing, reading, writing } from './s3-journal';
import { connectToS3 } from './s3-objects';

const settings = readEnvironment(
  z.object({ SOURCE_BUCKET_NAME: z.string(), BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string() }),
  process.env,
);
const client = connectToS3();

/** The last step of a backup: the summary of the manifest, the metrics, and what is told to people. */
export const handler = async (event: unknown, context: Context): Promise<Completion> => {
  logger.addContext(context);
  const run = readStep(gatherRequestSchema, event);
  const { signal } = new Deadline(context.getRemainingTimeInMillis());
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const backup = { client, signal, bucket: settings.BACKUP_BUCKET_NAME };
  const { summary, completion } = await completeBackup(run, {
    journal: { ...reading(journal), ...listing(journal) },
    backup: { ...reading(backup), ...writing(backup) },
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    now: () => new Date(),
  });
  const { day, status, counts, mismatched } = summary;
  logger.info('backup ended', { day, run: summary.run, status, verifyOnly: run.verifyOnly, ...counts, mismatched });
  recordMetrics(settings.BACKUP_BUCKET_NAME, {
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
