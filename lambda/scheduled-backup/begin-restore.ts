import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment } from '../shared/environment';
import { logger } from './recorder';
import { beginRestore, type RestoreRun } from './restore-start';
import { reading } from './s3-journal';
import { connectToS3 } from './s3-objects';

const settings = readEnvironment(
  z.object({
    SOURCE_BUCKET_NAME: z.string(),
    BACKUP_BUCKET_NAME: z.string(),
    /** Names, separated by commas. */
    RESTORE_TARGETS: z._default(z.string(), ''),
  }),
  process.env,
);
const client = connectToS3();

/** The first step of a restore: what is to be restored, and whether it may be. */
export const handler = async (event: unknown, context: Context): Promise<RestoreRun> => {
  logger.addContext(context);
  const { signal } = new Deadline(context.getRemainingTimeInMillis());
  const run = await beginRestore(event, {
    sourceBucket: settings.SOURCE_BUCKET_NAME,
    restoreTargets: settings.RESTORE_TARGETS.split(',').filter((name) => name !== ''),
    backup: reading({ client, signal, bucket: settings.BACKUP_BUCKET_NAME }),
  });
  const { day, dryRun, overwrite, targetBucket, backupStatus } = run;
  logger.info('restore begun', { day, run: run.run, dryRun, overwrite, targetBucket, backupStatus });
  return run;
};
