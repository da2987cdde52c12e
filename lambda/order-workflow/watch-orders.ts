import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger, publishMetrics } from '../shared/observability';
import { countOrders } from './adapters/dynamodb-order-states';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    WATCHED_INDEX_NAME: z.string(),
    /** Longest time that an execution may take until it sets an order's status. */
    STUCK_AFTER_SECONDS: wholeNumber,
  }),
  process.env,
);
const client = createDynamoDBClient();

/**
 * Counts the orders that wait for a person, every few minutes, so that their alarms stay raised while they wait, and those that
 * wait for an execution longer than one takes: events about ended executions are best effort.
 */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { ORDERS_TABLE_NAME: tableName, WATCHED_INDEX_NAME: indexName } = settings;
  const now = Date.now();
  const index = { client, tableName, indexName };
  const [awaitingApproval, needsAttention, notNotified, stuck] = await Promise.all([
    countOrders(index, 'awaiting-approval', new Date(now)),
    countOrders(index, 'needs-attention', new Date(now)),
    countOrders(index, 'not-notified', new Date(now)),
    countOrders(index, 'received', new Date(now - settings.STUCK_AFTER_SECONDS * 1_000)),
  ]);
  const oldestSeconds = Math.max(0, Math.round((now - (awaitingApproval.oldest?.getTime() ?? now)) / 1_000));
  publishMetrics(
    { OrdersTable: tableName },
    {
      NeedsAttention: needsAttention.count,
      NotNotified: notNotified.count,
      StuckOrders: stuck.count,
      OldestApproval: { value: oldestSeconds, unit: 'Seconds' },
    },
  );
  logger.info('orders counted', {
    awaitingApproval: awaitingApproval.count,
    needsAttention: needsAttention.count,
    notNotified: notNotified.count,
    stuck: stuck.count,
    oldestSeconds,
  });
};
