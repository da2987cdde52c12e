import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger, publishMetrics } from '../shared/observability';
import { countWaitingOrders } from './adapters/dynamodb-orders';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    WATCHED_INDEX_NAME: z.string(),
  }),
  process.env,
);
const client = createDynamoDBClient();

/** Counts the orders that wait for a person, every few minutes, so that their alarms stay raised while they wait. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { ORDERS_TABLE_NAME: tableName, WATCHED_INDEX_NAME: indexName } = settings;
  const [awaitingApproval, needsAttention] = await Promise.all([
    countWaitingOrders({ client, tableName, indexName }, 'awaiting-approval'),
    countWaitingOrders({ client, tableName, indexName }, 'needs-attention'),
  ]);
  const now = Date.now();
  const oldestSeconds = Math.max(0, Math.round((now - (awaitingApproval.oldest?.getTime() ?? now)) / 1_000));
  publishMetrics(
    { OrdersTable: tableName },
    { NeedsAttention: needsAttention.count, OldestApproval: { value: oldestSeconds, unit: 'Seconds' } },
  );
  logger.info('orders counted', {
    awaitingApproval: awaitingApproval.count,
    needsAttention: needsAttention.count,
    oldestSeconds,
  });
};
