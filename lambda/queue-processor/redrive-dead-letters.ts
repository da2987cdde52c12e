import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { keptReason } from './dynamodb-failure-reasons';
import { connectToDynamodb } from './dynamodb-fulfilments';
import { readEnvironment } from '../shared/environment';
import { redrive } from './redrive';
import { redriveRequestSchema, type RedriveAnswer } from './redrive-request';
import { sqsDeadLetters } from './sqs-dead-letters';
import { connectToSqs } from './sqs-visibility';

/** One call works so long, so that whoever stops a redrive waits no longer for it to end in good order. */
const workMilliseconds = 20_000;

/** Thrown for input that is no request for a redrive. */
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
const dynamodb = connectToDynamodb();
const sqs = connectToSqs();
const logger = new Logger();
const metrics = new Metrics();

/** Sends dead letters back to the queue of orders; invoked by a person, by way of `npm run redrive -- queue-processor`. */
export const handler = async (event: unknown, context: Context): Promise<RedriveAnswer> => {
  logger.addContext(context);
  const parsed = redriveRequestSchema.safeParse(event);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
    throw new UnusableRequest(`not a request for a redrive (${where.join('; ')}): use npm run redrive`);
  }
  const end = Date.now() + workMilliseconds;
  const queues = sqsDeadLetters({
    client: sqs,
    deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
    ordersQueueUrl: settings.ORDERS_QUEUE_URL,
  });
  const reasons = {
    client: dynamodb,
    table: settings.FAILURE_REASONS_TABLE_NAME,
    signal: AbortSignal.timeout(context.getRemainingTimeInMillis()),
  };
  const answer = await redrive(
    parsed.data,
    { ...queues, reasonOf: ({ messageId }) => keptReason(reasons, messageId) },
    {
      now: Date.now,
      sleep: (milliseconds) => sleep(Math.max(0, milliseconds)),
      hasTime: () => Date.now() < end,
    },
  );
  const { looked, sent, left, again, error } = answer;
  const { dryRun } = parsed.data;
  logger[error === undefined ? 'info' : 'error']('dead letters redriven', { dryRun, looked, sent, left, again, error });
  if (!dryRun) metrics.addMetric('Redriven', MetricUnit.Count, sent);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return answer;
};
