import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { errorFields, logger, publishMetrics } from '../shared/observability';
import { createSesClient } from '../shared/ses-client';
import { createSNSClient } from '../shared/sns-client';
import { createEventsClient, publishEntry } from './adapters/eventbridge-audit';
import { changeRequest, type RequestStore } from './adapters/dynamodb-requests';
import { sendMail, type Mail, type Notices } from './adapters/notices';
import { sizeSchema, type Prices } from './cost';
import type { Policy } from './policy';
import type { RequestRecord } from './request-record';

/** Variables of every function that changes requests. */
export const storeVariables = z.object({
  REQUESTS_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  LIMITS_TABLE_NAME: z.string(),
  EVENT_BUS_NAME: z.string(),
});

export function createStore(settings: z.output<typeof storeVariables>): RequestStore & { client: object } {
  const events = { client: createEventsClient(), busName: settings.EVENT_BUS_NAME };
  return {
    client: createDynamoDBClient(),
    requestsTableName: settings.REQUESTS_TABLE_NAME,
    auditTableName: settings.AUDIT_TABLE_NAME,
    limitsTableName: settings.LIMITS_TABLE_NAME,
    now: () => new Date(),
    publish: async (record, entry) => {
      try {
        await publishEntry(events, record, entry);
      } catch (error) {
        // The table is the record; a change that is written must not fail for its announcement.
        logger.warn('audit event not published', {
          requestId: record.requestId,
          errorName: errorFields(error).errorName,
        });
        publishMetrics({ RequestsTable: settings.REQUESTS_TABLE_NAME }, { EventsNotPublished: 1 });
      }
    },
  };
}

/** Variables of functions that send mail. */
export const noticeVariables = z.object({ NOTICES_TOPIC_ARN: z.string(), SENDER_EMAIL: z.optional(z.string()) });

export function createNotices({
  SENDER_EMAIL: sender,
  NOTICES_TOPIC_ARN: topicArn,
}: z.output<typeof noticeVariables>): Notices {
  return sender === undefined ? { sns: createSNSClient(), topicArn } : { ses: createSesClient(), sender };
}

/** Errors of SES for a mail that no further attempt sends, such as one to an address that is not verified in the sandbox. */
const permanentErrors = ['MessageRejected', 'MailFromDomainNotVerifiedException', 'BadRequestException'];

/** Sends a mail; one that is refused for good is counted, and fails nothing. */
export async function trySendMail(
  store: Pick<RequestStore, 'requestsTableName'>,
  notices: Notices,
  recipient: string,
  mail: Mail,
  requestId: string,
): Promise<boolean> {
  try {
    await sendMail(notices, recipient, mail);
    return true;
  } catch (error) {
    const { errorName } = errorFields(error);
    if (!permanentErrors.includes(errorName)) throw error;
    logger.warn('notice not sent', { requestId, errorName });
    publishMetrics({ RequestsTable: store.requestsTableName }, { NoticesNotSent: 1 });
    return false;
  }
}

/** Tells the requester of an outcome, once. */
export async function tellRequester(
  store: RequestStore,
  notices: Notices,
  policy: Policy,
  record: RequestRecord,
  mail: Mail,
): Promise<void> {
  const { requestId, person, noticesSent = [] } = record;
  const { subject } = mail;
  const recipient = policy.people[person]?.email;
  if (recipient === undefined || noticesSent.includes(subject)) return;
  const sent = await trySendMail(store, notices, recipient, mail, requestId);
  const entry = { what: sent ? 'requester notified' : 'requester not notified', who: 'workflow', detail: subject };
  await changeRequest(store, requestId, ({ noticesSent: before = [] }) => ({
    set: { noticesSent: [...before, subject] },
    entry,
  }));
}

/** Price table as the stack passes it, in JSON. */
export const pricesVariable = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string): unknown => JSON.parse(text)),
  ),
  z.object({ sizes: z.record(z.string(), sizeSchema), diskDollars: z.number() }),
);
export type { Prices };
