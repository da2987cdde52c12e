import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { errorFields, logger, publishMetrics } from '../shared/observability';
import { createSesClient } from '../shared/ses-client';
import { createSNSClient } from '../shared/sns-client';
import { createSsmClient } from '../shared/ssm-client';
import { changeRequest, type RequestStore } from './adapters/dynamodb-requests';
import { readParameter } from './adapters/systems-manager';
import { sendMail, type Mail, type Notices } from './adapters/notices';
import { sizeSchema } from './cost';
import { outcomeMail } from './mail';
import { parsePolicy } from './policy';
import type { RequestRecord } from './request-record';

/** Variables of every function that changes requests. */
export const storeVariables = z.object({
  REQUESTS_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  LIMITS_TABLE_NAME: z.string(),
});

export function createStore(settings: z.output<typeof storeVariables>): RequestStore & { client: object } {
  return {
    client: createDynamoDBClient(),
    requestsTableName: settings.REQUESTS_TABLE_NAME,
    auditTableName: settings.AUDIT_TABLE_NAME,
    limitsTableName: settings.LIMITS_TABLE_NAME,
    now: () => new Date(),
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

/** Variables of functions that notify requesters, whose addresses are in the policy. */
export const requesterVariables = z.extend(noticeVariables, { POLICY_PARAMETER_NAME: z.string() });

/** Makes a function that notifies the requester of an outcome, which is a key of `outcomes` in `mail.ts`, once. */
export function createRequesterNotices(
  store: RequestStore,
  settings: z.output<typeof requesterVariables>,
): (record: RequestRecord, outcome: string) => Promise<void> {
  const ssm = createSsmClient();
  const notices = createNotices(settings);
  return async (record, outcome) => {
    const { requestId, person, noticesSent = [] } = record;
    const mail = outcomeMail(record, outcome);
    if (noticesSent.includes(mail.subject)) return;
    const { people } = parsePolicy(await readParameter(ssm, settings.POLICY_PARAMETER_NAME));
    const recipient = people[person]?.email;
    if (recipient === undefined) return;
    const sent = await trySendMail(store, notices, recipient, mail, requestId);
    const what = sent ? 'requester notified' : 'requester not notified';
    await changeRequest(store, requestId, ({ noticesSent: before = [] }) => ({
      set: { noticesSent: [...before, mail.subject] },
      entry: { what, who: 'workflow', detail: mail.subject },
    }));
  };
}

/** Price table as the stack passes it, in JSON. */
export const pricesVariable = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string): unknown => JSON.parse(text)),
  ),
  z.object({ sizes: z.record(z.string(), sizeSchema), diskDollars: z.number() }),
);
