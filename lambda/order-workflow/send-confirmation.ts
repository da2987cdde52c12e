import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createSesClient } from '../shared/ses-client';
import { createSNSClient } from '../shared/sns-client';
import { getOrder, recordMilestone } from './adapters/dynamodb-orders';
import { sendEmail } from './adapters/ses-email';
import { publish } from './adapters/sns-messages';
import { renderEmail } from './email';
import { parseInput, stepSchema } from './step-input';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    CONFIRMATIONS_TOPIC_ARN: z.string(),
    SENDER_EMAIL: z.optional(z.string()),
  }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sns = createSNSClient();
const ses = createSesClient();

const inputSchema = z.extend(stepSchema, { outcome: z.enum(['confirmed', 'rejected', 'failed']), reason: z.string() });

/** Notifies the customer of the outcome: by email if a sender is configured, otherwise on the confirmations topic. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { orderId, outcome, reason } = parseInput(inputSchema, event);
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const { order, notifiedOutcome } = await getOrder(orders, orderId);
  // A repeated step sends nothing twice, unless the first was killed between sending and recording it.
  if (notifiedOutcome === outcome) return;
  const email = renderEmail(order, outcome, reason);
  const { SENDER_EMAIL: sender, CONFIRMATIONS_TOPIC_ARN: topicArn } = settings;
  if (sender !== undefined) await sendEmail({ client: ses, sender }, order.customerEmail, email);
  else {
    const message = { orderId, customerId: order.customerId, outcome, reason, text: email.text };
    await publish({ client: sns, topicArn }, email.subject, message);
  }
  const fields = { notifiedOutcome: outcome };
  await recordMilestone(orders, orderId, 'customer notified', { detail: outcome, fields });
  logger.info('customer notified', { orderId, outcome });
};
