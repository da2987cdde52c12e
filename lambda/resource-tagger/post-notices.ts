import type { Context, SQSBatchResponse } from 'aws-lambda';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { Deadline } from '../shared/deadline';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { nameOf } from '../shared/error-names';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import { createSecretsManagerClient } from '../shared/secretsmanager-client';
import { createSQSClient } from '../shared/sqs-client';
import { dynamodbDeliveries } from './adapters/dynamodb-deliveries';
import { delaySeconds, hide, parseRecords } from './adapters/sqs-records';
import { postJson, readUrl } from './adapters/webhook';
import { channelOf, channelsSchema, type ChannelName } from './channels';
import { deliverNotices, type PostResult } from './deliver-notices';
import type { Notice } from './notice';
import { renderDigest } from './webhook-messages';

const environment = readEnvironment(
  z.object({
    CHANNELS: z.string(),
    DELIVERIES_TABLE_NAME: z.string(),
    WEBHOOK_TIMEOUT_MILLISECONDS: wholeNumber,
    LEASE_SECONDS: wholeNumber,
    RETRY_BASE_SECONDS: wholeNumber,
  }),
  process.env,
);
const channels = channelsSchema.parse(JSON.parse(environment.CHANNELS));
const [dynamodb, secrets, sqs] = [createDynamoDBClient(), createSecretsManagerClient(), createSQSClient()];

/** Reserved for the claims, the delays and the response (milliseconds). */
const responseReserve = 3_000;

/** Delays set at once. */
const concurrency = 10;

/** Posts the notices of a batch to the webhook of their channel, in one digest; the response names what has to be sent again. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const deadline = new Deadline(() => context.getRemainingTimeInMillis());
  const records = parseRecords(event);
  const { name, queueUrl, secretName } = channelOf(channels, records[0]?.eventSourceARN ?? '');
  const signal = deadline.signalBefore(responseReserve);
  // Not those of the claims: after the request, what it has brought about has to be recorded.
  const { signal: rest } = new AbortController();
  // Before the receiver's pause is looked up, so that little time lies between that and the request.
  const url = await readUrl(secrets, secretName, signal).catch((error: unknown) => nameOf(error));
  try {
    const undelivered = await deliverNotices(records, {
      store: dynamodbDeliveries(
        {
          client: dynamodb,
          TableName: environment.DELIVERIES_TABLE_NAME,
          leaseSeconds: environment.LEASE_SECONDS,
          now: Date.now,
        },
        name,
        rest,
      ),
      post: (notices) => post(name, url, notices, signal),
      now: Date.now,
      delay: (receiveCount) => delaySeconds(receiveCount, environment.RETRY_BASE_SECONDS, Math.random()),
    });
    report(name, records.length - undelivered.length, undelivered);
    await pMap(undelivered, ({ record, seconds }) => hide(sqs, queueUrl, record, seconds).catch(notHidden), {
      concurrency,
    });
    return { batchItemFailures: undelivered.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  } finally {
    flushMetrics();
  }
};

/**
 * Posts a digest. The URL is read each time, so that a new one takes effect at once, and is in no log line.
 *
 * @param url name of the error where the secret could not be read
 */
async function post(
  channel: ChannelName,
  url: URL | string | undefined,
  notices: readonly Notice[],
  deadline: AbortSignal,
): Promise<PostResult> {
  if (typeof url === 'string') return { confirmed: false, reason: `the secret cannot be read: ${url}` };
  if (url === undefined) return { confirmed: false, reason: 'the secret holds no URL that begins with https' };
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(environment.WEBHOOK_TIMEOUT_MILLISECONDS)]);
  return postJson(url, renderDigest(channel, notices), signal, Date.now);
}

function report(channel: ChannelName, delivered: number, undelivered: readonly { readonly reason: string }[]): void {
  const reasons = [...new Set(undelivered.map(({ reason }) => reason))].join(', ');
  logger.info('notices posted', { channel, delivered, undelivered: undelivered.length, reasons });
  countMetric('NoticesDelivered', delivered);
  if (undelivered.length > 0) countMetric('NoticesPostponed', undelivered.length);
}

/** The message comes back after the visibility timeout of the queue instead. */
function notHidden(error: unknown): void {
  logger.warn('the delay was not set', { errorName: nameOf(error) });
}
