import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb, note, putOrder } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { contentOf, parseOrder } from './order';
import { connectToStates, startExecution } from './states-workflow';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), ORDER_STATE_MACHINE_ARN: z.string() }),
  process.env,
);
const dynamodb = connectToDynamodb();
const states = connectToStates();
const logger = new Logger();

export type Receipt =
  | { readonly orderId: string; readonly executionArn: string; readonly status: 'received' }
  | { readonly orderId: string; readonly status: 'conflict'; readonly message: string };

/**
 * Takes an order in, once.
 *
 * The table decides what is a duplicate: names of executions can be used again after 90 days. An order that was written and
 * whose execution was not started, because this function died in between, is started when it comes again.
 */
export const handler = async (event: unknown, context: Context): Promise<Receipt> => {
  logger.addContext(context);
  const order = parseOrder(event);
  const { orderId } = order;
  const orders = { client: dynamodb, table: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const content = contentOf(order);
  const earlier = await putOrder(orders, order, content);
  if (earlier !== undefined && earlier.content !== content) {
    logger.warn('order conflicts', { orderId });
    return { orderId, status: 'conflict', message: `another order has the id ${orderId}: send this one under its own` };
  }
  if (earlier?.executionArn !== undefined) {
    logger.info('order received again', { orderId });
    return { orderId, executionArn: earlier.executionArn, status: 'received' };
  }
  const executionArn = await startExecution(states, settings.ORDER_STATE_MACHINE_ARN, orderId);
  await note(orders, orderId, 'received', { fields: { executionArn } });
  logger.info('order received', { orderId });
  return { orderId, executionArn, status: 'received' };
};
