import type { Context, SQSBatchResponse } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { retryDelayMilliseconds } from './backoff';
import { saveFailureReason } from './dynamodb-failure-reasons';
import { writeBackorder, writeFulfilment } from './dynamodb-fulfilments';
import { MessageRecorder } from './message-recorder';
import { processBatch } from './order-batch';
import { readPayload } from './s3-payloads';
import { delayMessages, processMessage, type MessageDependencies } from './process-message';
import { changeVisibility, parseSqsEvent } from './sqs-orders';
import { Deadline } from '../shared/deadline';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { createSQSClient } from '../shared/sqs-client';

/** Orders processed at once: each mostly waits for the tables, and more of them only conflict on the same items. */
const concurrency = 5;

/** Attempts of one invocation on busy tables for one order; the fourth comes about half a second after the first. */
const attempts = 4;

/** Reserved for a failed message's reason and delay, and for the response (milliseconds). */
const failureReserve = 1_500;

/** Reserved for the response: log lines, metrics (milliseconds). */
const responseReserve = 750;

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

const dynamodb = createDynamoDBClient();
const s3 = createS3Client();
const sqs = createSQSClient();

/** Fulfils the orders of a batch; the response names the messages that have to be delivered again. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const messages = parseSqsEvent(event);
  const recorder = new MessageRecorder(logger, countMetric);
  const deadline = new Deadline(() => context.getRemainingTimeInMillis());
  const dependencies = dependenciesFor(deadline, recorder);
  try {
    const { failed, untried } = await processBatch(messages, {
      concurrency,
      hasTimeLeft: () => deadline.hasTimeLeft(settings.SAFETY_MARGIN_MILLISECONDS),
      process: (message) => processMessage(message, dependencies),
      delay: (later, seconds) => delayMessages(later, seconds, dependencies),
    });
    recorder.untried(untried);
    return { batchItemFailures: [...failed, ...untried].map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } finally {
    flushMetrics();
  }
};

function dependenciesFor(deadline: Deadline, recorder: MessageRecorder): MessageDependencies {
  // In three steps: no message is taken within the safety margin, work is stopped, the function returns. So a batch is
  // never lost to the timeout, which would count a receive against every message of it.
  const signal = deadline.signalBefore(failureReserve);
  const returnSignal = deadline.signalBefore(responseReserve);
  const payloads = { client: s3, bucketName: settings.PAYLOAD_BUCKET_NAME, signal };
  const tables = {
    client: dynamodb,
    fulfilmentsTableName: settings.FULFILMENTS_TABLE_NAME,
    stockTableName: settings.STOCK_TABLE_NAME,
    signal,
    now: () => new Date(),
  };
  const reasons = { client: dynamodb, tableName: settings.FAILURE_REASONS_TABLE_NAME, signal: returnSignal };
  const orders = { client: sqs, queueUrl: settings.ORDERS_QUEUE_URL, signal: returnSignal };
  return {
    payloads: { bucketName: payloads.bucketName, read: (key) => readPayload(payloads, key) },
    fulfilments: {
      writeFulfilment: (order, fingerprint) => writeFulfilment(tables, order, fingerprint),
      writeBackorder: (order, fingerprint) => writeBackorder(tables, order, fingerprint),
    },
    retryPolicy: {
      attempts,
      pause: (next) => sleep(retryDelayMilliseconds(next, Math.random()), undefined, { signal }),
    },
    workSignal: signal,
    returnSignal,
    backoff: { baseSeconds: settings.BACKOFF_BASE_SECONDS, capSeconds: settings.BACKOFF_CAP_SECONDS },
    maximumReceives: settings.MAXIMUM_RECEIVES,
    recorder,
    saveFailureReason: (failure) => saveFailureReason(reasons, failure, new Date()),
    changeVisibility: ({ receiptHandle }, seconds) => changeVisibility(orders, receiptHandle, seconds),
    random: Math.random,
  };
}
