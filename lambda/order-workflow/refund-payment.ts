import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { getOrder, recordMilestone } from './adapters/dynamodb-orders';
import { createPaymentProvider, paymentSettings } from './adapters/payment-provider';
import type { RefundResult } from './payments';
import { stepSchema } from './step-input';

const { ORDERS_TABLE_NAME } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = createDynamoDBClient();
const payments = createPaymentProvider(readEnvironment(paymentSettings, process.env), client);

/** Refunds a charge that was made or may have been made, or blocks one that has not arrived. */
export const handler = translateBusyErrors(async (event, context): Promise<RefundResult> => {
  logger.addContext(context);
  const step = parseInput(stepSchema, event);
  const { orderId } = step;
  const orders = { client, tableName: ORDERS_TABLE_NAME, now: () => new Date() };
  await getOrder(orders, step);
  // Recorded first: no charge follows, whatever becomes of this call.
  await recordMilestone(orders, orderId, 'refund requested');
  const result = await payments.refund(orderId);
  const milestone = result.outcome === 'refunded' ? 'refunded' : 'charge voided';
  await recordMilestone(orders, orderId, milestone);
  logger.info('payment refunded or voided', { orderId, outcome: result.outcome });
  return result;
});
