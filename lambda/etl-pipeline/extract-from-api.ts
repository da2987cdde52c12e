import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { createS3Client } from '../shared/s3-client';
import { createSecretsManagerClient } from '../shared/secretsmanager-client';
import { readStored, readText, s3Limits, write, writeIfUnchanged, type Store } from './adapters/s3-store';
import { readToken } from './adapters/secretsmanager-token';
import { createPageReader, pagingSchema } from './api-pages';
import { AccountingError, ApiBusyError, SupersededError } from './errors';
import { publishEtlMetrics } from './etl-metrics';
import {
  dueRun,
  extractStateSchema,
  fetchPages,
  pageKey,
  stateAfter,
  type ExtractRun,
  type ExtractState,
} from './extract';
import { timeLimitOf } from './time-limit';

const settings = readEnvironment(
  z.object({
    API_URL: z.string(),
    API_SECRET_ARN: z.string(),
    API_PAGING: z.string(),
    API_REQUESTS_PER_SECOND: z.string(),
    EXTRACT_EVERY_HOURS: z.string(),
    EXTRACT_PREFIX: z.string(),
    INCOMING_BUCKET_NAME: z.string(),
    WORK_BUCKET_NAME: z.string(),
    ROWS_TABLE_NAME: z.string(),
  }),
  process.env,
);
const s3 = createS3Client(s3Limits);
const secrets = createSecretsManagerClient();
const eventSchema = z.object({
  /** Begins a run although none is due. */
  now: z._default(z.boolean(), false),
});

/** Goes on with a run of the extract, or begins one that is due, and puts its file into the Incoming bucket at its end. */
export const handler = async (event: unknown, context: Context): Promise<{ finished: boolean }> => {
  logger.addContext(context);
  const { signal, hasTimeLeft } = timeLimitOf(context);
  const work = { client: s3, signal, bucket: settings.WORK_BUCKET_NAME };
  const saved = await openState(work);
  const { now: force } = parseInput(eventSchema, event);
  const run = dueRun(saved.state, new Date(), Number(settings.EXTRACT_EVERY_HOURS), force);
  if (run === undefined) return { finished: saved.state.run === undefined };
  const { lastStartedAt } = saved.state;
  try {
    const reached = await fetchPages(run, {
      fetchPage: createPageReader(await readApi(signal), {
        fetch,
        sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
        now: Date.now,
        random: Math.random,
      }),
      savePage: (key, lines) => write(work, key, lines, 'application/x-ndjson'),
      saveRun: (progress) => saved.write({ run: progress, lastStartedAt }),
      hasTimeLeft,
    });
    logger.info('pages extracted', { ...reached, position: undefined });
    if (!reached.complete) return { finished: false };
    await deliver(reached, work);
    await saved.write({ lastStartedAt: reached.startedAt });
    publishEtlMetrics(settings.ROWS_TABLE_NAME, { ExtractedFiles: 1 });
    return { finished: true };
  } catch (error) {
    if (error instanceof SupersededError) throw error;
    await saved.write(stateAfter(error, { ...saved.state, run: saved.state.run ?? run }, new Date()));
    if (!(error instanceof ApiBusyError)) throw error;
    logger.warn('the API is busy', { reason: error.message, retryAt: new Date(error.retryAt).toISOString() });
    return { finished: false };
  }
};

const stateKey = 'extracts/state.json';

/** State of the extract. Of two invocations at once, the first that writes it goes on, and the other ends with an error. */
async function openState(work: Store): Promise<{ state: ExtractState; write: (state: ExtractState) => Promise<void> }> {
  const stored = await readStored(work, stateKey);
  let etag = stored?.etag;
  const saved = {
    state: stored === undefined ? {} : parseInput(extractStateSchema, JSON.parse(stored.text)),
    write: async (state: ExtractState): Promise<void> => {
      etag = await writeIfUnchanged(work, stateKey, JSON.stringify(state), 'application/json', etag);
      if (etag === undefined) throw new SupersededError('another invocation goes on with the extract');
      saved.state = state;
    },
  };
  return saved;
}

async function readApi(signal: AbortSignal) {
  const { API_URL: url, API_SECRET_ARN, API_PAGING, API_REQUESTS_PER_SECOND } = settings;
  return {
    url,
    token: await readToken({ client: secrets, signal }, API_SECRET_ARN),
    paging: parseInput(pagingSchema, JSON.parse(API_PAGING)),
    requestsPerSecond: Number(API_REQUESTS_PER_SECOND),
  };
}

const lineEnd = 0x0a;

/** Writes the pages of a run as one file, once; a run without rows has none. */
async function deliver(run: ExtractRun, work: Store): Promise<void> {
  if (run.rows === 0) return;
  const numbers = Array.from({ length: run.pages }, (_, page) => page);
  // As bytes: texts of 128 MB, read and joined, would take five times as much memory.
  const readPage = async (page: number): Promise<Buffer> =>
    Buffer.from((await readText(work, pageKey(run, page))) ?? '');
  const pages = Buffer.concat(await pMap(numbers, readPage, { concurrency: 16 }));
  const rows = pages.reduce((lines, byte) => (byte === lineEnd ? lines + 1 : lines), 0);
  // Pages expire in the Work bucket, and must not be left out in silence.
  if (rows !== run.rows) throw new AccountingError(`expected ${run.rows} records in the Work bucket, found ${rows}`);
  const key = `${settings.EXTRACT_PREFIX}extract-${run.startedAt.replaceAll(/[:.]/g, '-')}.jsonl`;
  const incoming = { ...work, bucket: settings.INCOMING_BUCKET_NAME };
  await writeIfUnchanged(incoming, key, pages, 'application/x-ndjson', undefined);
}
