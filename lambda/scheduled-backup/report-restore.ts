import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment } from '../shared/environment';
import { logger, recordMetrics } from './recorder';
import { readStep } from './requests';
import { reportRestore, type RestoreReportAnswer } from './restore-report';
import { restoreRunSchema } from './restore-start';
import { listing, reading, writing } from './s3-journal';
import { connectToS3 } from './s3-objects';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string() }),
  process.env,
);
const client = connectToS3();

/** The last step of a restore: the report, the metric, and what is told to people. */
export const handler = async (event: unknown, context: Context): Promise<RestoreReportAnswer> => {
  logger.addContext(context);
  const run = readStep(restoreRunSchema, event);
  const { signal } = new Deadline(context.getRemainingTimeInMillis());
  const bucket = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const journal = { ...reading(bucket), ...listing(bucket), ...writing(bucket) };
  const answer = await reportRestore(run, { journal, now: () => new Date() });
  const { restored, alike, kept, failed, bytes } = answer.report;
  logger.info('restore ended', {
    day: run.day,
    run: run.run,
    dryRun: run.dryRun,
    restored,
    alike,
    kept,
    failed,
    bytes,
  });
  if (!run.dryRun) recordMetrics(settings.BACKUP_BUCKET_NAME, { RestoredObjects: restored });
  return answer;
};
