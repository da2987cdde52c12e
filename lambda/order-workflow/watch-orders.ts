import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb } from './dynamodb-orders';
import { watchedOrders } from './dynamodb-watched-orders';
import { readEnvironment } from '../shared/environment';
import { metricLine } from './order-metrics';

const settings = readEnvironment(
  z.object({
    ORDERS_TABLE_NAME: z.string(),
    WATCHED_INDEX_NAME: z.string(),
    POWERTOOLS_METRICS_NAMESPACE: z.string(),
  }),
  process.env,
);
const client = connectToDynamodb();
const logger = new Logger();

/** Counts the orders that wait for a person, every few minutes, so that their alarms last as long as they do. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { ORDERS_TABLE_NAME: table, WATCHED_INDEX_NAME: index, POWERTOOLS_METRICS_NAMESPACE: namespace } = settings;
  const [awaiting, stuck] = await Promise.all([
    watchedOrders({ client, table, index }, 'awaiting-approval'),
    watchedOrders({ client, table, index }, 'needs-attention'),
  ]);
  const now = Date.now();
  const figures = {
    NeedsAttention: stuck.count,
    OldestApproval: Math.max(0, Math.round((now - (awaiting.oldest?.getTime() ?? now)) / 1_000)),
  };
  // Past the console, whose lines the runtime wraps in JSON of its own: CloudWatch would find no metrics there.
  process.stdout.write(`${metricLine(namespace, table, figures, now)}\n`);
  logger.info('orders counted', { awaitingApproval: awaiting.count, ...figures });
};
