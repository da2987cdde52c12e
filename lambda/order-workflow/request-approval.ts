import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { createSNSClient } from '../shared/sns-client';
import { createStatesClient } from '../shared/states-client';
import { closeRequest, saveRequest } from './adapters/dynamodb-approvals';
import { setStatus } from './adapters/dynamodb-order-states';
import { getOrder } from './adapters/dynamodb-orders';
import { publish } from './adapters/sns-messages';
import { sendDecision } from './adapters/states-workflow';

import { stepSchema } from './step-input';
import { totalAmount } from './validation';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    APPROVALS_TABLE_NAME: z.string(),
    APPROVALS_TOPIC_ARN: z.string(),
  }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sns = createSNSClient();
const sfn = createStatesClient();

const inputSchema = z.extend(stepSchema, {
  taskToken: z.string().check(z.minLength(1)),
  /** Time after which the state machine waits no longer. */
  timeoutSeconds: z.int().check(z.positive()),
});

/**
 * Saves the task token and notifies the approvers of the order; the token is stored in that table alone.
 *
 * A restarted or redriven execution asks again for an order that may have its decision: that one is sent at once.
 */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const step = parseInput(inputSchema, event);
  const { orderId, taskToken, timeoutSeconds } = step;
  const now = (): Date => new Date();
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now };
  const { order } = await getOrder(orders, step);
  const { customerId, items, currency } = order;
  const expiresAt = new Date(now().getTime() + timeoutSeconds * 1_000);
  const approvals = { client: dynamodb, tableName: settings.APPROVALS_TABLE_NAME };
  const decided = await saveRequest(approvals, orderId, { customerId, taskToken, expiresAt });
  if (decided !== undefined) {
    const delivered = await sendDecision({ client: sfn }, taskToken, decided);
    if (delivered) await closeRequest(approvals, orderId);
    logger.info('decision sent again', { orderId, delivered });
    return;
  }
  await setStatus(orders, step, 'awaiting-approval');
  await publish({ client: sns, topicArn: settings.APPROVALS_TOPIC_ARN }, `Order ${orderId} to approve`, {
    orderId,
    customerId,
    items,
    currency,
    total: totalAmount(order),
    expiresAt: expiresAt.toISOString(),
  });
  logger.info('approval requested', { orderId });
});
