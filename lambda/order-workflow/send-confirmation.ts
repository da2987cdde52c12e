import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb, getOrder, note } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { letterOf } from './letter';
import { connectToSes, mail } from './ses-mail';
import { connectToSns, publish } from './sns-messages';
import { parseInput, stepSchema } from './step-input';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    CONFIRMATIONS_TOPIC_ARN: z.string(),
    SENDER_EMAIL: z.optional(z.string()),
  }),
  process.env,
);
const dynamodb = connectToDynamodb();
const sns = connectToSns();
const ses = connectToSes();
const logger = new Logger();

const inputSchema = z.extend(stepSchema, { outcome: z.enum(['confirmed', 'rejected', 'failed']), reason: z.string() });

/** Tells the customer of the outcome, by mail where a sender is configured, otherwise on the confirmations topic. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { orderId, outcome, reason } = parseInput(inputSchema, event);
  const orders = { client: dynamodb, table: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const { order, toldOf } = await getOrder(orders, orderId);
  // A repeated step sends nothing twice, unless the first one died before it could say that it had sent.
  if (toldOf === outcome) return;
  const letter = letterOf(order, outcome, reason);
  const { SENDER_EMAIL: sender, CONFIRMATIONS_TOPIC_ARN: topicArn } = settings;
  if (sender !== undefined) await mail(ses, sender, order.customerEmail, letter);
  else {
    const { customerId } = order;
    await publish(sns, topicArn, letter.subject, { orderId, customerId, outcome, reason, text: letter.text });
  }
  await note(orders, orderId, 'customer told', { detail: outcome, fields: { toldOf: outcome } });
  logger.info('customer told', { orderId, outcome });
};
