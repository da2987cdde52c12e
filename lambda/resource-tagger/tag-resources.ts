import type { Context, SQSBatchResponse } from 'aws-lambda';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { Deadline } from '../shared/deadline';
import { createEC2Client } from '../shared/ec2-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { createSNSClient } from '../shared/sns-client';
import { createSQSClient } from '../shared/sqs-client';
import { findAttachments } from './adapters/ec2-attachments';
import { withLaunchedInstances } from './adapters/ec2-launches';
import { ec2Tags } from './adapters/ec2-tags';
import { s3Tags } from './adapters/s3-tags';
import { publishNotice } from './adapters/sns-notices';
import { delaySeconds, hide, parseRecords, sendLater, type QueueRecord } from './adapters/sqs-records';
import { createTaggingClient, taggingApi } from './adapters/tagging-api';
import { parseCreationEvent, UnusableEventError, type CreationEvent } from './creation-event';
import { NotYetTaggedError, tagCreation, type TagCreationDependencies } from './tag-creation';
import { taggerSettingsSchema } from './tagger-settings';
import type { TaggedResource } from './tagging';

const environment = readEnvironment(
  z.object({
    EVENTS_QUEUE_URL: z.string(),
    NOTICES_TOPIC_ARN: z.string(),
    TAGGER_SETTINGS: z.string(),
    RETRY_BASE_SECONDS: wholeNumber,
  }),
  process.env,
);
const settings = taggerSettingsSchema.parse(JSON.parse(environment.TAGGER_SETTINGS));

const [ec2, s3, sns, sqs] = [createEC2Client(), createS3Client(), createSNSClient(), createSQSClient()];
const taggingClient = createTaggingClient();

/** Events processed at once; the APIs for tags allow few calls a second. */
const concurrency = 5;

/** Reserved for delays of failed messages and for the response (milliseconds). */
const responseReserve = 2_000;

/** Tags what the events of a batch created; the response names the messages that have to be delivered again. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const signal = new Deadline(() => context.getRemainingTimeInMillis()).signalBefore(responseReserve);
  const dependencies: TagCreationDependencies = {
    settings,
    stores: [ec2Tags(ec2, signal), s3Tags(s3, signal), taggingApi(taggingClient, signal)],
    now: () => new Date(),
    findAttachments: (creation) => findAttachments(ec2, creation, signal),
    report,
    sendLater: (message) =>
      sendLater(sqs, environment.EVENTS_QUEUE_URL, JSON.stringify(message), settings.lookAgainSeconds, signal),
    publish: (notice) => publishNotice(sns, environment.NOTICES_TOPIC_ARN, notice, signal),
  };
  const failed: string[] = [];
  const process = async (record: QueueRecord): Promise<void> => {
    try {
      const event = await withLaunchedInstances(ec2, parseCreationEvent(record.body), signal);
      await tagCreation(event, dependencies);
    } catch (error) {
      failed.push(record.messageId);
      await postpone(record, error);
    }
  };
  try {
    await pMap(parseRecords(event), process, { concurrency });
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  } finally {
    flushMetrics();
  }
};

/** One log line and the counts; of the event, only what is parsed and limited. */
function report({ id, call, isSecondLook }: CreationEvent, tagged: readonly TaggedResource[]): void {
  const counts = Object.fromEntries(
    [...Map.groupBy(tagged, ({ outcome }) => outcome)].map(([key, all]) => [key, all.length]),
  );
  for (const [outcome, number] of Object.entries(counts)) countMetric(`Resources-${outcome}`, number);
  const reasons = [...new Set(tagged.flatMap(({ reason = [] }) => reason))];
  logger.info('resources tagged', { eventId: id, eventName: call.eventName, isSecondLook, ...counts, reasons });
}

async function postpone(record: QueueRecord, error: unknown): Promise<void> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const isPermanent = error instanceof UnusableEventError;
  const seconds = isPermanent ? 1 : delaySeconds(record.receiveCount, environment.RETRY_BASE_SECONDS, Math.random());
  countMetric('Postponed');
  // Messages of errors of our own hold no values; those of services may quote names.
  const own = isPermanent || error instanceof NotYetTaggedError;
  const { messageId, receiveCount } = record;
  logger.warn('message postponed', {
    messageId,
    receiveCount,
    errorName: name,
    seconds,
    ...(own ? { detail: message } : {}),
  });
  try {
    await hide(sqs, environment.EVENTS_QUEUE_URL, record, seconds);
  } catch (thrown) {
    logger.warn('the delay was not set', {
      messageId,
      errorName: thrown instanceof Error ? thrown.name : typeof thrown,
    });
  }
}
