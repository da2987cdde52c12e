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
import { ec2Tags } from './adapters/ec2-tags';
import { s3Tags } from './adapters/s3-tags';
import { publishNotice } from './adapters/sns-notices';
import { delaySeconds, hide, parseRecords, sendLater, type QueueRecord } from './adapters/sqs-records';
import { createTaggingClient, taggingApi } from './adapters/tagging-api';
import { launchedInstances } from './created-resources';
import { parseCreationEvent, UnusableEventError, type CreationEvent } from './creation-event';
import { noticeOf } from './notice';
import { taggerSettingsSchema } from './tagger-settings';
import { tagAll, type TaggedResource } from './tagging';
import { wantedTags } from './wanted-tags';

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

/** Not everything could be tagged yet: the message comes back. */
class NotYetTaggedError extends Error {
  override readonly name = 'NotYetTaggedError';
}

/** Tags what the events of a batch created; the response names the messages that have to be delivered again. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const signal = new Deadline(() => context.getRemainingTimeInMillis()).signalBefore(responseReserve);
  const failed: string[] = [];
  const process = async (record: QueueRecord): Promise<void> => {
    try {
      await tagCreation(parseCreationEvent(record.body), signal);
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

async function tagCreation(event: CreationEvent, signal: AbortSignal): Promise<void> {
  const isLaunch = event.call.eventName === 'RunInstances';
  const attachments = isLaunch ? await findAttachments(ec2, event, signal) : [];
  const arns = [...(event.isSecondLook ? [] : event.kind.arns(event.call)), ...attachments];
  const tagged = await tagAll(arns, event, {
    stores: [ec2Tags(ec2, signal), s3Tags(s3, signal), taggingApi(taggingClient, signal)],
    wanted: wantedTags(event, settings.tagKeys, settings.costCenters),
    requiredTags: settings.requiredTags,
    consistencyMilliseconds: settings.consistencySeconds * 1_000,
    now: () => new Date(),
  });
  record(event, tagged);
  const later = tagged.filter(({ outcome }) => outcome === 'later');
  if (later.length > 0) throw new NotYetTaggedError(`${later.length} of ${tagged.length}: ${later[0]?.reason ?? ''}`);
  if (isLaunch && !event.isSecondLook && launchedInstances(event.call).length > 0) await lookAgain(event, signal);
  const notice = noticeOf(event, tagged);
  if (notice !== undefined) await publishNotice(sns, environment.NOTICES_TOPIC_ARN, notice, signal);
}

/** One log line and the counts; of the event, only what is parsed and limited. */
function record({ id, call, isSecondLook }: CreationEvent, tagged: readonly TaggedResource[]): void {
  const counts = Object.fromEntries(
    [...Map.groupBy(tagged, ({ outcome }) => outcome)].map(([key, all]) => [key, all.length]),
  );
  for (const [outcome, number] of Object.entries(counts)) countMetric(`Resources-${outcome}`, number);
  const reasons = [...new Set(tagged.flatMap(({ reason = [] }) => reason))];
  logger.info('resources tagged', { eventId: id, eventName: call.eventName, isSecondLook, ...counts, reasons });
}

/** Sends the event to the queue once more: volumes are attached after the answer to the launch. */
function lookAgain({ source, notify }: CreationEvent, signal: AbortSignal): Promise<void> {
  const again = { ...source, resourceTagger: { notify, look: 'again' } };
  return sendLater(sqs, environment.EVENTS_QUEUE_URL, JSON.stringify(again), settings.lookAgainSeconds, signal);
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
