import type { Context, SQSBatchResponse } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { dynamodbRenders } from './adapters/dynamodb-renders';
import { createEventBridgeClient, publishRendered } from './adapters/eventbridge-documents';
import { readInput, storeDocument, type Buckets } from './adapters/s3-documents';
import { hideFor, setAside, type RequestQueues } from './adapters/sqs-requests';
import { DocumentBrowser } from './browser/browser';
import { renderDocument, type RenderDependencies } from './render';
import { RenderBusyError, refusalOf } from './render-errors';
import { parseRequest } from './request';
import { Templates } from './templates';
import { Deadline } from '../shared/deadline';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { countMetric, errorFields, flushMetrics, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { createSQSClient } from '../shared/sqs-client';

const settings = readEnvironment(
  z.object({
    RENDERS_QUEUE_URL: z.string(),
    FAILURES_QUEUE_URL: z.string(),
    INPUT_BUCKET_NAME: z.string(),
    DOCUMENTS_BUCKET_NAME: z.string(),
    EVENT_BUS_NAME: z.string(),
    RENDERS_TABLE_NAME: z.string(),
    CHROMIUM_FOLDER: z.string(),
    ENGINE_VERSION: z.string(),
    CHROMIUM_EXECUTABLE: z.optional(z.string()),
    MAXIMUM_PAGES: wholeNumber,
    MAXIMUM_BYTES: wholeNumber,
    MAXIMUM_DATA_BYTES: wholeNumber,
    RENDER_SECONDS: wholeNumber,
    KEPT_SECONDS: wholeNumber,
  }),
  process.env,
);

/** Reserved for what follows the rendering: storing the document, its event, the response (milliseconds). */
const storeReserve = 5_000;
/** Reserved for a failed message's delay, and for the response (milliseconds). */
const failureReserve = 1_500;

const s3 = createS3Client({ requestTimeout: 5_000 });
const queues: RequestQueues = {
  client: createSQSClient(),
  rendersQueueUrl: settings.RENDERS_QUEUE_URL,
  failuresQueueUrl: settings.FAILURES_QUEUE_URL,
};
const dynamodb = createDynamoDBClient();
const events = createEventBridgeClient();
const templates = new Templates(join(__dirname, 'assets'));
const browser = new DocumentBrowser({
  layerFolder: settings.CHROMIUM_FOLDER,
  workFolder: join(tmpdir(), 'document-renderer'),
  executable: settings.CHROMIUM_EXECUTABLE,
});

/** A failure is thrown instead: a batch is one message, and the function's errors raise an alarm. */
const done: SQSBatchResponse = { batchItemFailures: [] };

const recordsSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string(),
        receiptHandle: z.string(),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.string() }),
      }),
    )
    .check(z.length(1)),
});

/** Renders the document of one message. A request that can never be rendered goes to the failures queue with its reason. */
export const handler = countExpectedErrors(
  (error) => error instanceof RenderBusyError,
  async (event, context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const [message] = recordsSchema.parse(event).Records;
    if (message === undefined) return done;
    const { messageId, receiptHandle, body } = message;
    const deadline = new Deadline(() => context.getRemainingTimeInMillis());
    try {
      const request = parseRequest(body);
      const outcome = await renderDocument(request, dependenciesFor(deadline, context));
      countMetric(outcome === 'rendered' ? 'Rendered' : 'Reused');
      logger.info('document rendered', { messageId, requestId: request.requestId, outcome });
      return done;
    } catch (error) {
      const receives = Number(message.attributes.ApproximateReceiveCount);
      const refusal = refusalOf(error, receives);
      if (refusal !== undefined) {
        const { reason, detail } = refusal;
        await setAside(queues, body, refusal);
        countMetric('Refused');
        logger.warn('request refused', { messageId, reason, detail });
        return done;
      }
      countMetric('Failed');
      logger.warn('document not rendered', { messageId, ...errorFields(error) });
      await delay(receiptHandle, error, receives);
      throw error;
    } finally {
      flushMetrics();
    }
  },
);

function dependenciesFor(deadline: Deadline, context: Context): RenderDependencies {
  const signal = deadline.signalBefore(failureReserve);
  const buckets: Buckets = {
    client: s3,
    inputBucketName: settings.INPUT_BUCKET_NAME,
    documentsBucketName: settings.DOCUMENTS_BUCKET_NAME,
    signal,
  };
  return {
    limits: { maximumPages: settings.MAXIMUM_PAGES, maximumBytes: settings.MAXIMUM_BYTES },
    engine: settings.ENGINE_VERSION,
    templateOf: (template, version) => templates.get(template, version),
    readInput: (key) => readInput(buckets, key, settings.MAXIMUM_DATA_BYTES),
    renders: dynamodbRenders({
      client: dynamodb,
      tableName: settings.RENDERS_TABLE_NAME,
      owner: `${context.awsRequestId}/${randomUUID()}`,
      leaseSeconds: Math.ceil(deadline.remainingMilliseconds / 1_000),
      keptSeconds: settings.KEPT_SECONDS,
      now: () => new Date(),
      signal,
    }),
    print: async (html, limits) => {
      const end = deadline.signalBefore(storeReserve);
      // Not within the time for rendering: a cold start says nothing about the document.
      await browser.prepare(end);
      const limit = AbortSignal.timeout(settings.RENDER_SECONDS * 1_000);
      return browser.render(html, limits, AbortSignal.any([limit, end]));
    },
    store: (hash, page, pages) => storeDocument(buckets, hash, page, pages),
    publish: (rendered) => publishRendered({ client: events, busName: settings.EVENT_BUS_NAME, signal }, rendered),
  };
}

/** Sets the time until a failed message is received again; its visibility timeout is left if that fails. */
async function delay(receiptHandle: string, error: unknown, receives: number): Promise<void> {
  const backoff = Math.min(5 * receives, 60);
  const seconds = error instanceof RenderBusyError ? Math.min(error.retrySeconds, backoff) : backoff;
  try {
    await hideFor(queues, receiptHandle, seconds);
  } catch (thrown) {
    logger.warn('the delay of a failed message was not set', errorFields(thrown));
  }
}
