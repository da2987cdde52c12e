import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { pauseMilliseconds } from './backoff';
import { Deadline } from './deadline';
import { keepReason } from './dynamodb-failure-reasons';
import { connectToDynamodb, dynamodbFulfilments } from './dynamodb-fulfilments';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { MessageRecorder } from './message-recorder';
import { settleBatch } from './order-batch';
import { connectToS3, s3Payloads } from './s3-payloads';
import { holdBack, settleMessage, type Desk } from './settle-message';
import { messagesOf } from './sqs-event';
import { connectToSqs, hide } from './sqs-visibility';

/** Orders worked on at once: each waits for the tables most of its time, and more of them only meet on the same items. */
const parallelism = 5;

/** How often one invocation asks busy tables for one order; the fourth comes half a second after the first on average. */
const attempts = 4;

const settings = readEnvironment(
  z.object({
    ORDERS_QUEUE_URL: z.string(),
    FULFILMENTS_TABLE_NAME: z.string(),
    STOCK_TABLE_NAME: z.string(),
    FAILURE_REASONS_TABLE_NAME: z.string(),
    PAYLOAD_BUCKET_NAME: z.string(),
    MAXIMUM_RECEIVES: wholeNumber,
    BACKOFF_BASE_SECONDS: wholeNumber,
    BACKOFF_CAP_SECONDS: wholeNumber,
    SAFETY_MARGIN_MILLISECONDS: wholeNumber,
  }),
  process.env,
);

const dynamodb = connectToDynamodb();
const s3 = connectToS3();
const sqs = connectToSqs();
const logger = new Logger();
const metrics = new Metrics();

/** Fulfils the orders of a batch; the response names the messages that have to come again. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const messages = messagesOf(event);
  const recorder = new MessageRecorder(logger, metrics);
  const deadline = new Deadline(() => context.getRemainingTimeInMillis(), settings.SAFETY_MARGIN_MILLISECONDS);
  const desk = deskFor(deadline, recorder);
  try {
    const { failed, untried } = await settleBatch(messages, {
      parallelism,
      hasTime: () => deadline.hasTime,
      settle: (message) => settleMessage(message, desk),
      holdBack: (later, seconds) => holdBack(later, seconds, desk),
    });
    recorder.untried(untried);
    return { batchItemFailures: [...failed, ...untried].map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } finally {
    deadline.clear();
    recorder.flush();
  }
};

function deskFor(deadline: Deadline, reports: MessageRecorder): Desk {
  const now = (): Date => new Date();
  const { work: signal } = deadline;
  const reasons = { client: dynamodb, table: settings.FAILURE_REASONS_TABLE_NAME, signal: deadline.return };
  const orders = { client: sqs, url: settings.ORDERS_QUEUE_URL, signal: deadline.return };
  return {
    payloads: s3Payloads({ client: s3, bucket: settings.PAYLOAD_BUCKET_NAME, signal }),
    fulfilments: dynamodbFulfilments({
      client: dynamodb,
      fulfilmentsTable: settings.FULFILMENTS_TABLE_NAME,
      stockTable: settings.STOCK_TABLE_NAME,
      signal,
      now,
    }),
    patience: {
      attempts,
      pause: (next) => sleep(pauseMilliseconds(next, Math.random()), undefined, { signal }),
    },
    deadline,
    backoff: { baseSeconds: settings.BACKOFF_BASE_SECONDS, capSeconds: settings.BACKOFF_CAP_SECONDS },
    maximumReceives: settings.MAXIMUM_RECEIVES,
    reports,
    keepReason: (failure) => keepReason(reasons, failure, now()),
    hide: ({ receiptHandle }, seconds) => hide(orders, receiptHandle, seconds),
    random: Math.random,
  };
}
