import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { translateBusyErrors } from '../shared/service-busy';
import { readText, s3Limits, toJsonLines, write, writeJson } from './adapters/s3-store';
import { FileRefusedError } from './errors';
import { workKeys } from './file';
import { openText } from './open-text';
import { parseInput } from './s3-event';
import { beginning, checkpointSchema, split, type Checkpoint } from './split';
import { formattedRunSchema, type Decided } from './step-input';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    WORK_BUCKET_NAME: z.string(),
    MAXIMUM_FILE_BYTES: wholeNumber,
    MAXIMUM_RECORD_BYTES: wholeNumber,
    CHUNK_BYTES: wholeNumber,
  }),
  process.env,
);
const client = createS3Client(s3Limits);

/** Cuts a file into chunks, from the last checkpoint on, until it is finished or time runs out. */
export const handler = translateBusyErrors(async (input: unknown, context: Context): Promise<Decided> => {
  logger.addContext(context);
  const run = parseInput(formattedRunSchema, input);
  const { file, format } = run;
  const { signal, hasTimeLeft } = timeLimitOf(context);
  const work = { client, signal, bucket: settings.WORK_BUCKET_NAME };
  const keys = workKeys(file);
  const saved = await readText(work, keys.checkpoint);
  const from = saved === undefined ? beginning : parseInput(checkpointSchema, JSON.parse(saved));
  const source = { client, signal, bucket: file.bucket, key: file.key, versionId: file.versionId };
  const options = {
    delimiter: file.dataset.format === 'csv' ? file.dataset.delimiter : undefined,
    hasHeader: file.dataset.format === 'csv',
    maximumRecordBytes: settings.MAXIMUM_RECORD_BYTES,
    chunkBytes: settings.CHUNK_BYTES,
  };
  try {
    const text = openText(
      { source, file, format, maximumBytes: settings.MAXIMUM_FILE_BYTES, hasTimeLeft },
      from.offset,
    );
    const checkpoint: Checkpoint = from.finished
      ? from
      : await split(text, from, options, {
          hasTimeLeft,
          writeChunk: (part, records) => write(work, keys.chunk(part), toJsonLines(records), 'application/x-ndjson'),
          saveCheckpoint: (one) => writeJson(work, keys.checkpoint, one),
        });
    const { parts, rows, finished } = checkpoint;
    logger.info('file split', { fileId: file.fileId, parts, rows, finished });
    if (!finished) return { ...run, decision: 'split' };
    return { ...run, decision: parts === 0 ? 'decide' : 'transform', split: { parts, rows } };
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    return { ...run, decision: 'report', refusal: error.message };
  }
});
