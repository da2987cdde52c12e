import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { isBusy, ServiceBusyError } from '../shared/service-busy';
import { loadRow } from './adapters/dynamodb-rows';
import {
  fromJsonLines,
  readJson,
  readText,
  s3Limits,
  write,
  writeJson,
  writeJsonOnce,
  type Store,
} from './adapters/s3-store';
import { toParquet } from './curated';
import { ContendedRowError } from './errors';
import { partOf, resultKeys, workKeys, type EtlFile } from './file';
import { countVerdicts, loadRows, progressSchema } from './load';
import { loadableRow } from './row-order';
import { step } from './step';
import { chunkSchema } from './step-input';
import type { StagedRow } from './values';

const settings = readEnvironment(
  z.object({
    WORK_BUCKET_NAME: z.string(),
    CURATED_BUCKET_NAME: z.string(),
    ROWS_TABLE_NAME: z.string(),
    ROWS_AT_ONCE: wholeNumber,
  }),
  process.env,
);
const s3 = createS3Client(s3Limits);
const dynamodb = createDynamoDBClient({ maxAttempts: 4, maxInFlight: settings.ROWS_AT_ONCE });

/** Loads the rows of a chunk, and returns whether it is finished. A chunk that is finished keeps its verdicts. */
const loadChunk = step(chunkSchema, async ({ file, chunk }, { signal, hasTimeLeft }) => {
  const work = { client: s3, signal, bucket: settings.WORK_BUCKET_NAME };
  const keys = workKeys(file);
  const part = partOf(chunk);
  if ((await readText(work, keys.load(part))) !== undefined) return { finished: true };
  const text = await readText(work, chunk);
  if (text === undefined) throw new Error(`staged rows of chunk ${part} of ${file.fileId} are gone: replay the file`);
  const rows = fromJsonLines(text) as StagedRow[];
  const before = await readJson(work, keys.progress(part), progressSchema);
  const table = { client: dynamodb, tableName: settings.ROWS_TABLE_NAME, signal };
  const { verdicts, busy } = await loadRows(rows, before?.verdicts ?? [], {
    loadRow: (row) => loadRow(table, file, loadableRow(file, row)),
    hasTimeLeft,
    mayClear,
    concurrency: settings.ROWS_AT_ONCE,
  });
  const finished = !verdicts.includes(null);
  const counts = countVerdicts(part, verdicts);
  logger.info('chunk loaded', { fileId: file.fileId, ...counts, finished });
  if (finished) {
    const loaded = rows.filter((_, index) => verdicts[index] === 'loaded');
    await writeCurated(file, part, loaded, work);
    // Last: counts that are there have their rows.
    await writeJsonOnce(work, keys.load(part), counts);
  } else await writeJson(work, keys.progress(part), { verdicts });
  // The state machine waits before it tries the rest: a busy table is given time.
  if (busy !== undefined) throw new ServiceBusyError(busy.name);
  return { finished };
});

/** A table at its limit is waited for, and no reason to alarm anybody: a file that waits for long is late. */
export const handler = countExpectedErrors((error) => error instanceof ServiceBusyError, loadChunk);

function mayClear(error: unknown): error is Error {
  return isBusy(error) || error instanceof ContendedRowError;
}

async function writeCurated(file: EtlFile, part: number, rows: readonly StagedRow[], work: Store): Promise<void> {
  if (rows.length === 0) return;
  const curated = { ...work, bucket: settings.CURATED_BUCKET_NAME };
  await write(curated, resultKeys(file).curated(part), toParquet(file, rows), 'application/vnd.apache.parquet');
}
