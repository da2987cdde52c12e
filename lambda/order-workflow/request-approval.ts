import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { keepRequest } from './dynamodb-approvals';
import { connectToDynamodb, getOrder, markWatched } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { decimalOf } from './money';
import { connectToSns, publish } from './sns-messages';
import { parseInput, stepSchema } from './step-input';
import { totalOf } from './validation';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    APPROVALS_TABLE_NAME: z.string(),
    APPROVALS_TOPIC_ARN: z.string(),
    APPROVAL_TIMEOUT_SECONDS: z.string().check(z.regex(/^\d+$/)),
  }),
  process.env,
);
const dynamodb = connectToDynamodb();
const sns = connectToSns();
const logger = new Logger();

const inputSchema = z.extend(stepSchema, { taskToken: z.string().check(z.minLength(1)) });

/** Keeps the task token and tells the approvers of the order; the token itself goes nowhere else. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { orderId, taskToken } = parseInput(inputSchema, event);
  const now = (): Date => new Date();
  const orders = { client: dynamodb, table: settings.ORDERS_TABLE_NAME, now };
  const { order } = await getOrder(orders, orderId);
  const { customerId, items, currency } = order;
  const expiresAt = new Date(now().getTime() + Number(settings.APPROVAL_TIMEOUT_SECONDS) * 1_000);
  const approvals = { client: dynamodb, table: settings.APPROVALS_TABLE_NAME };
  await keepRequest(approvals, { orderId, customerId, taskToken, expiresAt });
  await markWatched(orders, orderId, 'awaiting-approval');
  await publish(sns, settings.APPROVALS_TOPIC_ARN, `Order ${orderId} to approve`, {
    orderId,
    customerId,
    items,
    currency,
    total: decimalOf(totalOf(order)),
    expiresAt: expiresAt.toISOString(),
  });
  logger.info('approval requested', { orderId });
};
