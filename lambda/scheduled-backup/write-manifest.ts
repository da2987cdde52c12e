import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from './deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { gather, gatherRequestSchema, type GatherRun } from './gathering';
import { logger } from './recorder';
import { readStep } from './requests';
import { listing, reading, writing } from './s3-journal';
import { connectToS3 } from './s3-objects';

const settings = readEnvironment(
  z.object({ BACKUP_BUCKET_NAME: z.string(), JOURNAL_BUCKET_NAME: z.string(), PART_ENTRIES: wholeNumber }),
  process.env,
);
const client = connectToS3();

/** Writes the parts of a run's manifest, as far as its time goes. */
export const handler = async (event: unknown, context: Context): Promise<GatherRun> => {
  logger.addContext(context);
  const run = readStep(gatherRequestSchema, event);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const { signal } = deadline;
  const journal = { client, signal, bucket: settings.JOURNAL_BUCKET_NAME };
  const gathered = await gather(run, {
    journal: { ...reading(journal), ...listing(journal) },
    backup: writing({ client, signal, bucket: settings.BACKUP_BUCKET_NAME }),
    partEntries: settings.PART_ENTRIES,
    hasTime: () => deadline.hasTime,
  });
  logger.info('manifest parts written', { day: run.day, run: run.run, ...gathered.counts, parts: gathered.parts });
  return { ...run, gathered };
};
