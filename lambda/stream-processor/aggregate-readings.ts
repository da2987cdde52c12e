import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { countMetric, errorFields, flushMetrics, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { addToWindow } from './adapters/dynamodb-windows';
import { archiveReadings } from './adapters/s3-archive';
import { aggregateBatch } from './aggregation';
import { retryUntilDeadline } from './invocation-time';
import { parseKinesisEvent } from './kinesis-event';
import { InvalidReadingError } from './reading';
import { ReadingConflictError } from './reading-batch';
import { streamResponse, type StreamResponse } from './stream-response';

const settings = readEnvironment(
  z.object({
    WINDOWS_TABLE_NAME: z.string(),
    SEEN_TABLE_NAME: z.string(),
    ARCHIVE_BUCKET_NAME: z.string(),
    WINDOW_SECONDS: wholeNumber,
    LATENESS_SECONDS: wholeNumber,
    CLOCK_TOLERANCE_SECONDS: wholeNumber,
    REMEMBER_SECONDS: wholeNumber,
  }),
  process.env,
);

/** Windows that are written at once: more of them only conflict on the same partitions. */
const concurrency = 10;

const dynamodb = createDynamoDBClient();
const s3 = createS3Client();

/** Adds the readings of a batch to their windows, each once, and archives them. */
export const handler = countExpectedErrors(
  (error) => error instanceof InvalidReadingError || error instanceof ReadingConflictError,
  async (event: unknown, context): Promise<StreamResponse> => {
    logger.addContext(context);
    const records = parseKinesisEvent(event);
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) return { batchItemFailures: [] };
    const retryPolicy = retryUntilDeadline(context);
    const tables = {
      client: dynamodb,
      windowsTableName: settings.WINDOWS_TABLE_NAME,
      seenTableName: settings.SEEN_TABLE_NAME,
      expiresAt: () => Math.floor(Date.now() / 1_000) + settings.REMEMBER_SECONDS,
      retryPolicy,
    };
    const archive = { client: s3, bucketName: settings.ARCHIVE_BUCKET_NAME, retryPolicy };
    const batch = { name: `${first.sequenceNumber}-${last.sequenceNumber}`, arrivedAt: first.arrivedAt };
    const result = await aggregateBatch(records, {
      rules: {
        windowSeconds: settings.WINDOW_SECONDS,
        latenessSeconds: settings.LATENESS_SECONDS,
        clockToleranceSeconds: settings.CLOCK_TOLERANCE_SECONDS,
      },
      concurrency,
      addToWindow: (group) => addToWindow(tables, group),
      archive: (readings, late) => archiveReadings(archive, batch, readings, late),
    });
    const { added, repeated, late, failure } = result;
    countMetric('ReadingsAdded', added);
    countMetric('ReadingsRepeated', repeated);
    countMetric('ReadingsLate', late);
    flushMetrics();
    if (failure !== undefined) {
      const { sequenceNumber } = records[failure.index] ?? first;
      logger.error('record failed', { sequenceNumber, ...errorFields(failure.error) });
    }
    return streamResponse(records, failure);
  },
);
