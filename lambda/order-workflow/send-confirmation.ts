import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { createSesClient } from '../shared/ses-client';
import { createSNSClient } from '../shared/sns-client';
import { clearNotNotified } from './adapters/dynamodb-order-states';
import { getOrder, recordMilestone, type OrdersTable } from './adapters/dynamodb-orders';
import { sendEmail } from './adapters/ses-email';
import { publish } from './adapters/sns-messages';
import { renderEmail, type Outcome } from './email';
import type { Order } from './order';
import { stepSchema } from './step-input';

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
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const step = parseInput(inputSchema, event);
  const { orderId, outcome, reason } = step;
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const { order, notifiedOutcome, watch } = await getOrder(orders, step);
  // A repeated step sends nothing twice, unless the first was killed between sending and recording it.
  if (notifiedOutcome !== outcome) await notify(orders, order, outcome, reason);
  if (watch === 'not-notified') await clearNotNotified(orders, orderId);
});

async function notify(orders: OrdersTable, order: Order, outcome: Outcome, reason: string): Promise<void> {
  const { orderId } = order;
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
}
