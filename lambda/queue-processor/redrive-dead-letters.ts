import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { retryDelayMilliseconds } from './backoff';
import { readFailureReasons } from './dynamodb-failure-reasons';
import { redrive } from './redrive';
import { redriveRequestSchema, type RedriveResponse } from './redrive-request';
import {
  countDeadLetters,
  deleteDeadLetters,
  receiveDeadLetters,
  sendToOrders,
  showDeadLetters,
} from './sqs-dead-letters';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { describeIssues } from '../shared/input-issues';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import { createSQSClient } from '../shared/sqs-client';

/** Duration of one call, so that whoever stops a redrive waits no longer for it to end cleanly. */
const workMilliseconds = 20_000;

/** The input is not a request for a redrive. */
export class UnusableRequest extends Error {
  override readonly name = 'UnusableRequest';
}

const settings = readEnvironment(
  z.object({
    ORDERS_QUEUE_URL: z.string(),
    DEAD_LETTER_QUEUE_URL: z.string(),
    FAILURE_REASONS_TABLE_NAME: z.string(),
  }),
  process.env,
);
const dynamodb = createDynamoDBClient();
/** A receive waits a second for messages, and a batch of ten may have ten MiB to read. */
const sqs = createSQSClient({ requestTimeout: 5_000 });

const isUnusable = (error: unknown): boolean => error instanceof UnusableRequest;

/** Sends dead letters back to the queue Orders; invoked by the command `npm run ops -- queue-processor redrive`. */
export const handler = countExpectedErrors(isUnusable, async (event, context): Promise<RedriveResponse> => {
  logger.addContext(context);
  const parsed = redriveRequestSchema.safeParse(event);
  if (!parsed.success) {
    const where = describeIssues(parsed.error, 'the request').join('; ');
    throw new UnusableRequest(`not a request for a redrive (${where}): use npm run ops -- queue-processor redrive`);
  }
  const end = Date.now() + workMilliseconds;
  const pause = (next: number): Promise<void> => sleep(retryDelayMilliseconds(next, Math.random()));
  const queues = {
    client: sqs,
    deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
    ordersQueueUrl: settings.ORDERS_QUEUE_URL,
    pause,
  };
  const reasons = {
    client: dynamodb,
    tableName: settings.FAILURE_REASONS_TABLE_NAME,
    signal: AbortSignal.timeout(context.getRemainingTimeInMillis()),
  };
  const response = await redrive(
    parsed.data,
    {
      count: () => countDeadLetters(queues),
      receive: (maximum) => receiveDeadLetters(queues, maximum),
      reasonsOf: (messages) =>
        readFailureReasons(
          reasons,
          messages.map(({ messageId }) => messageId),
          pause,
        ),
      send: (messages) => sendToOrders(queues, messages),
      delete: (messages) => deleteDeadLetters(queues, messages),
      show: (receipts) => showDeadLetters(queues, receipts),
    },
    {
      now: Date.now,
      sleep: (milliseconds) => sleep(Math.max(0, milliseconds)),
      hasTimeLeft: () => Date.now() < end,
    },
  );
  report(parsed.data.dryRun, response);
  return response;
});

function report(dryRun: boolean, { examined, sent, refused, remaining, unfinished, error }: RedriveResponse): void {
  const level = error === undefined ? 'info' : 'error';
  logger[level]('dead letters redriven', { dryRun, examined, sent, refused, remaining, unfinished, error });
  if (!dryRun) countMetric('Redriven', sent);
  flushMetrics();
}
