import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { getOrder, recordMilestone } from './adapters/dynamodb-orders';
import { createPaymentProvider, paymentSettings } from './adapters/payment-provider';
import type { ChargeResult } from './payments';
import { parseInput, stepSchema } from './step-input';
import { totalCents } from './validation';

const { ORDERS_TABLE_NAME } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = createDynamoDBClient();
const payments = createPaymentProvider(readEnvironment(paymentSettings, process.env), client);

/** Charges an order; a decline is a result, and a transient failure is an error that the state machine retries. */
export const handler = async (event: unknown, context: Context): Promise<ChargeResult> => {
  logger.addContext(context);
  const { orderId } = parseInput(stepSchema, event);
  const orders = { client, tableName: ORDERS_TABLE_NAME, now: () => new Date() };
  const { order } = await getOrder(orders, orderId);
  const { currency, paymentMethod } = order;
  const result = await payments.charge({ orderId, cents: totalCents(order), currency, paymentMethod });
  const more = result.outcome === 'declined' ? { detail: result.reason } : {};
  await recordMilestone(orders, orderId, result.outcome, more);
  logger.info('payment charged or declined', { orderId, outcome: result.outcome });
  return result;
};
