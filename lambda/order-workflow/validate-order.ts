import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { findKnownSkus } from './adapters/dynamodb-inventory';
import { getOrder, recordMilestone } from './adapters/dynamodb-orders';
import { stepSchema } from './step-input';
import { validate, type ValidationResult } from './validation';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), INVENTORY_TABLE_NAME: z.string() }),
  process.env,
);
const client = createDynamoDBClient();

/** Validates an order; an invalid order is a result, not an error. */
export const handler = translateBusyErrors(async (event, context): Promise<ValidationResult> => {
  logger.addContext(context);
  const step = parseInput(stepSchema, event);
  const { orderId } = step;
  const orders = { client, tableName: settings.ORDERS_TABLE_NAME, now: () => new Date() };
  const { order } = await getOrder(orders, step);
  const skus = order.items.map(({ sku }) => sku);
  const knownSkus = await findKnownSkus({ client, inventoryTableName: settings.INVENTORY_TABLE_NAME }, skus);
  const result = validate(order, knownSkus);
  const { valid, reasons, units, total } = result;
  await recordMilestone(orders, orderId, 'validated', {
    detail: valid ? 'valid' : reasons.join('; '),
    fields: { total, units: String(units) },
  });
  logger.info('order validated', { orderId, valid, problems: reasons.length, units });
  return result;
});
