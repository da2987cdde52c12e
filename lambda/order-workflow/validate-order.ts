import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { knownSkus } from './dynamodb-inventory';
import { connectToDynamodb, getOrder, note } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { parseInput, stepSchema } from './step-input';
import { judge, type Verdict } from './validation';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), INVENTORY_TABLE_NAME: z.string() }),
  process.env,
);
const client = connectToDynamodb();
const logger = new Logger();

/** Judges an order: a wrong one is an answer, not an error. */
export const handler = async (event: unknown, context: Context): Promise<Verdict> => {
  logger.addContext(context);
  const { orderId } = parseInput(stepSchema, event);
  const orders = { client, table: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const { order } = await getOrder(orders, orderId);
  const skus = order.items.map(({ sku }) => sku);
  const verdict = judge(order, await knownSkus({ client, inventoryTable: settings.INVENTORY_TABLE_NAME }, skus));
  const { valid, reasons, units, total } = verdict;
  await note(orders, orderId, 'validated', {
    detail: valid ? 'valid' : reasons.join('; '),
    fields: { total, units: String(units) },
  });
  logger.info('order validated', { orderId, valid, wrong: reasons.length, units });
  return verdict;
};
