import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { logger } from '../shared/observability';
import { beginRestore, type RestoreRun } from './restore-start';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    SOURCE_BUCKET_NAME: z.string(),
    BACKUP_BUCKET_NAME: z.string(),
    /** Names, separated by commas. */
    RESTORE_TARGETS: z._default(z.string(), ''),
    AWS_REGION: z.string(),
  }),
  process.env,
);
const client = createS3Client(s3Limits);

/** First step of a restore: checks the request and finds the manifest. */
export const handler = async (event: unknown, context: Context): Promise<RestoreRun> => {
  logger.addContext(context);
  const { signal } = timeLimitOf(context);
  const run = await beginRestore(event, {
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    restoreTargets: settings.RESTORE_TARGETS.split(',').filter((name) => name !== ''),
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    region: settings.AWS_REGION,
  });
  const { day, dryRun, overwrite, targetBucket, backupStatus } = run;
  logger.info('restore begun', { day, run: run.run, dryRun, overwrite, targetBucket, backupStatus });
  return run;
};
