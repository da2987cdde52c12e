import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { logger } from '../shared/observability';
import { createStatesClient } from '../shared/states-client';
import { putOrder, recordMilestone } from './adapters/dynamodb-orders';
import { startExecution } from './adapters/states-workflow';
import { fingerprint, InvalidOrderError, parseOrder } from './order';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), ORDER_STATE_MACHINE_ARN: z.string() }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sfn = createStatesClient();

const isInvalid = (error: unknown): boolean => error instanceof InvalidOrderError;

export type Receipt =
  | { readonly orderId: string; readonly executionArn: string; readonly status: 'received' }
  | { readonly orderId: string; readonly status: 'conflict'; readonly message: string };

/**
 * Accepts an order once.
 *
 * Duplicates are detected by the table, because execution names can be reused after 90 days. An order that was written without
 * an execution, because the function was killed in between, is started when it is sent again.
 */
export const handler = countExpectedErrors(isInvalid, async (event, context): Promise<Receipt> => {
  logger.addContext(context);
  const order = parseOrder(event);
  const { orderId } = order;
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const existing = await putOrder(orders, order);
  if (existing !== undefined && fingerprint(existing.order) !== fingerprint(order)) {
    logger.warn('order conflicts', { orderId });
    const message = `the id ${orderId} belongs to an order with different content: use a new id`;
    return { orderId, status: 'conflict', message };
  }
  if (existing?.executionArn !== undefined) {
    logger.info('order received again', { orderId });
    return { orderId, executionArn: existing.executionArn, status: 'received' };
  }
  const workflow = { client: sfn, stateMachineArn: settings.ORDER_STATE_MACHINE_ARN };
  const executionArn = await startExecution(workflow, orderId, existing?.generation ?? 1);
  await recordMilestone(orders, orderId, 'received', { fields: { executionArn } });
  logger.info('order received', { orderId });
  return { orderId, executionArn, status: 'received' };
});
