import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createSNSClient } from '../shared/sns-client';
import { saveRequest } from './adapters/dynamodb-approvals';
import { getOrder, setStatus } from './adapters/dynamodb-orders';
import { publish } from './adapters/sns-messages';
import { formatCents } from './money';
import { parseInput, stepSchema } from './step-input';
import { totalCents } from './validation';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    APPROVALS_TABLE_NAME: z.string(),
    APPROVALS_TOPIC_ARN: z.string(),
    APPROVAL_TIMEOUT_SECONDS: wholeNumber,
  }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sns = createSNSClient();

const inputSchema = z.extend(stepSchema, { taskToken: z.string().check(z.minLength(1)) });

/** Saves the task token and notifies the approvers of the order; the token is stored in that table alone. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { orderId, taskToken } = parseInput(inputSchema, event);
  const now = (): Date => new Date();
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now };
  const { order } = await getOrder(orders, orderId);
  const { customerId, items, currency } = order;
  const expiresAt = new Date(now().getTime() + settings.APPROVAL_TIMEOUT_SECONDS * 1_000);
  const approvals = { client: dynamodb, tableName: settings.APPROVALS_TABLE_NAME };
  await saveRequest(approvals, orderId, { customerId, taskToken, expiresAt });
  await setStatus(orders, orderId, 'awaiting-approval');
  await publish({ client: sns, topicArn: settings.APPROVALS_TOPIC_ARN }, `Order ${orderId} to approve`, {
    orderId,
    customerId,
    items,
    currency,
    total: formatCents(totalCents(order)),
    expiresAt: expiresAt.toISOString(),
  });
  logger.info('approval requested', { orderId });
};
