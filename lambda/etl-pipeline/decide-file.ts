import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { exceedsShare, totalTransformations } from './accounting';
import { readAllJson, s3Limits } from './adapters/s3-store';
import { workKeys } from './file';
import { step } from './step';
import { splitRunSchema, type Decided } from './step-input';
import { transformationSchema } from './transformation';

const settings = readEnvironment(z.object({ WORK_BUCKET_NAME: z.string() }), process.env);
const client = createS3Client(s3Limits);

/** Adds up the rows of all chunks, and decides whether the file is loaded or goes to quarantine. */
export const handler = step(splitRunSchema, async (run, { signal }): Promise<Decided> => {
  const { file, split } = run;
  const work = { client, signal, bucket: settings.WORK_BUCKET_NAME };
  const chunks = await readAllJson(work, workKeys(file).transformed, transformationSchema);
  const transformed = totalTransformations(split, chunks);
  const { rows, staged, rejected } = transformed;
  logger.info('file transformed', { fileId: file.fileId, rows, staged, rejected });
  const { maximumRejectPercent } = file.dataset;
  if (exceedsShare(transformed, maximumRejectPercent)) {
    const refusal = `${rejected} of ${rows} rows are rejected: the dataset permits ${maximumRejectPercent} %`;
    return { ...run, decision: 'report', transformed, refusal };
  }
  return { ...run, decision: split.parts === 0 ? 'report' : 'load', transformed };
});
