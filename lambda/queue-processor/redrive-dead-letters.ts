import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { readFailureReason } from './dynamodb-failure-reasons';
import { redrive } from './redrive';
import { redriveRequestSchema, type RedriveResponse } from './redrive-request';
import {
  countDeadLetters,
  deleteDeadLetter,
  receiveDeadLetters,
  sendToOrders,
  showDeadLetter,
} from './sqs-dead-letters';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
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
const sqs = createSQSClient();
const logger = new Logger();
const metrics = new Metrics();

/** Sends dead letters back to the queue Orders; invoked by the command `npm run ops -- queue-processor redrive`. */
export const handler = async (event: unknown, context: Context): Promise<RedriveResponse> => {
  logger.addContext(context);
  const parsed = redriveRequestSchema.safeParse(event);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
    throw new UnusableRequest(
      `not a request for a redrive (${where.join('; ')}): use npm run ops -- queue-processor redrive`,
    );
  }
  const end = Date.now() + workMilliseconds;
  const queues = {
    client: sqs,
    deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
    ordersQueueUrl: settings.ORDERS_QUEUE_URL,
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
      reasonOf: ({ messageId }) => readFailureReason(reasons, messageId),
      send: (deadLetter) => sendToOrders(queues, deadLetter),
      delete: (deadLetter) => deleteDeadLetter(queues, deadLetter),
      show: (deadLetter) => showDeadLetter(queues, deadLetter),
    },
    {
      now: Date.now,
      sleep: (milliseconds) => sleep(Math.max(0, milliseconds)),
      hasTimeLeft: () => Date.now() < end,
    },
  );
  const { looked, sent, left, again, error } = response;
  const { dryRun } = parsed.data;
  logger[error === undefined ? 'info' : 'error']('dead letters redriven', { dryRun, looked, sent, left, again, error });
  if (!dryRun) metrics.addMetric('Redriven', MetricUnit.Count, sent);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return response;
};
