import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';
import { s3Limits } from './adapters/s3-objects';
import { assembleManifest, assemblyRunSchema, type AssemblyRun } from './manifest-assembly';
import { logger } from '../shared/observability';
import { parseStepInput } from './requests';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string(), PART_ENTRIES: wholeNumber }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Writes the parts of a run's manifest until time runs out. */
export const handler = async (event: unknown, context: Context): Promise<AssemblyRun> => {
  logger.addContext(context);
  const run = parseStepInput(assemblyRunSchema, event);
  const { signal, hasTimeLeft } = timeLimitOf(context);
  const assembly = await assembleManifest(run, {
    journal: { client, signal, bucket: settings.JOURNAL_BUCKET_NAME },
    backup: { client, signal, bucket: settings.BACKUP_BUCKET_NAME },
    partEntries: settings.PART_ENTRIES,
    hasTimeLeft,
  });
  logger.info('manifest parts written', { day: run.day, run: run.run, ...assembly.counts, parts: assembly.parts });
  return { ...run, assembly };
};
