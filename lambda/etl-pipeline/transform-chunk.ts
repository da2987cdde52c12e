import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { fromJsonLines, readText, s3Limits, toJsonLines, write, writeJson } from './adapters/s3-store';
import { partOf, resultKeys, workKeys } from './file';
import type { RawRecord } from './record-scanner';
import { step } from './step';
import { chunkSchema } from './step-input';
import { countRows, transform } from './transformation';

const settings = readEnvironment(
  z.object({ WORK_BUCKET_NAME: z.string(), CURATED_BUCKET_NAME: z.string() }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Turns the records of a chunk into rows to load and rejected ones. Writes the same again if it is repeated. */
export const handler = step(chunkSchema, async ({ file, format, chunk }, { signal }) => {
  const work = { client, signal, bucket: settings.WORK_BUCKET_NAME };
  const keys = workKeys(file);
  const part = partOf(chunk);
  const text = await readText(work, chunk);
  if (text === undefined) throw new Error(`chunk ${part} of ${file.fileId} is gone: replay the file`);
  const transformation = transform(fromJsonLines(text) as RawRecord[], file.dataset, format);
  await write(work, keys.stagedRows(part), toJsonLines(transformation.staged), 'application/x-ndjson');
  if (transformation.rejected.length > 0) {
    const curated = { ...work, bucket: settings.CURATED_BUCKET_NAME };
    const rejected = toJsonLines(transformation.rejected);
    await write(curated, resultKeys(file).rejected(part), rejected, 'application/x-ndjson');
  }
  const counts = countRows(part, transformation);
  // Last: counts that are there have their rows.
  await writeJson(work, keys.transformation(part), counts);
  const { rows, staged, rejected } = counts;
  logger.info('chunk transformed', { fileId: file.fileId, part, rows, staged, rejected });
  return { finished: true };
});
