import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { releaseStock, reserveStock, type Reservation } from './adapters/dynamodb-inventory';
import { getOrder, recordMilestone } from './adapters/dynamodb-orders';
import { stepSchema } from './step-input';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), INVENTORY_TABLE_NAME: z.string() }),
  process.env,
);
const client = createDynamoDBClient();

const inputSchema = z.extend(stepSchema, { change: z.enum(['reserve', 'release']) });

/** Reserves stock for all items of an order or none, or releases it. */
export const handler = translateBusyErrors(
  async (event, context): Promise<Reservation | { readonly outcome: 'released' }> => {
    logger.addContext(context);
    const step = parseInput(inputSchema, event);
    const { orderId, change } = step;
    const { ORDERS_TABLE_NAME: ordersTableName, INVENTORY_TABLE_NAME: inventoryTableName } = settings;
    const now = (): Date => new Date();
    const orders = { client, tableName: ordersTableName, now };
    const { order } = await getOrder(orders, step);
    const tables = { client, ordersTableName, inventoryTableName, now };
    const result = await (change === 'reserve' ? reserveStock(tables, order) : releaseStock(tables, order));
    if (result.outcome === 'out-of-stock') {
      await recordMilestone(orders, orderId, 'out of stock', { detail: result.missing.join(', ') });
    }
    logger.info('inventory updated', { orderId, outcome: result.outcome });
    return result;
  },
);
