import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { dynamodbInventory } from './dynamodb-inventory';
import { connectToDynamodb, getOrder, note } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { releaseStock, takeStock, type Taken } from './inventory';
import { parseInput, stepSchema } from './step-input';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), INVENTORY_TABLE_NAME: z.string() }),
  process.env,
);
const client = connectToDynamodb();
const logger = new Logger();

const inputSchema = z.extend(stepSchema, { change: z.enum(['take', 'release']) });

/** Takes an order's items from stock, all or none, or undoes that. */
export const handler = async (event: unknown, context: Context): Promise<Taken | { readonly outcome: 'released' }> => {
  logger.addContext(context);
  const { orderId, change } = parseInput(inputSchema, event);
  const { ORDERS_TABLE_NAME: ordersTable, INVENTORY_TABLE_NAME: inventoryTable } = settings;
  const now = (): Date => new Date();
  const orders = { client, table: ordersTable, now };
  const { order } = await getOrder(orders, orderId);
  const inventory = dynamodbInventory({ client, ordersTable, inventoryTable, now });
  const markOf = async () => (await getOrder(orders, orderId)).inventory;
  const result = await (change === 'take' ? takeStock : releaseStock)(inventory, order, markOf);
  if (result.outcome === 'out-of-stock') {
    await note(orders, orderId, 'out of stock', { detail: result.missing.join(', ') });
  }
  logger.info('inventory updated', { orderId, outcome: result.outcome });
  return result;
};
