import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { readJson, s3Limits, toJsonLines, write, writeJson } from './adapters/s3-store';
import { workKeys } from './file';
import { openText } from './open-text';
import { beginning, checkpointSchema, split, type SplitEffects } from './split';
import { orRefusal, step } from './step';
import { formattedRunSchema } from './step-input';

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
export const handler = step(formattedRunSchema, (run, { signal, hasTimeLeft }) =>
  orRefusal(run, async () => {
    const { file, format } = run;
    const { fileId, bucket, key, versionId, dataset } = file;
    const work = { client, signal, bucket: settings.WORK_BUCKET_NAME };
    const keys = workKeys(file);
    const from = (await readJson(work, keys.checkpoint, checkpointSchema)) ?? beginning;
    const source = { client, signal, bucket, key, versionId };
    const open = { source, file, format, maximumBytes: settings.MAXIMUM_FILE_BYTES, hasTimeLeft };
    const options = {
      delimiter: dataset.format === 'csv' ? dataset.delimiter : undefined,
      hasHeader: dataset.format === 'csv',
      maximumRecordBytes: settings.MAXIMUM_RECORD_BYTES,
      chunkBytes: settings.CHUNK_BYTES,
    };
    const effects: SplitEffects = {
      hasTimeLeft,
      writeChunk: (part, records) => write(work, keys.chunk(part), toJsonLines(records), 'application/x-ndjson'),
      saveCheckpoint: (one) => writeJson(work, keys.checkpoint, one),
    };
    const reached = from.finished ? from : await split(openText(open, from.offset), from, options, effects);
    const { parts, rows, finished } = reached;
    logger.info('file split', { fileId, parts, rows, finished });
    if (!finished) return { ...run, decision: 'split' };
    return { ...run, decision: parts === 0 ? 'decide' : 'transform', split: { parts, rows } };
  }),
);
