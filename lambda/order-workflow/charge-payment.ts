import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb, getOrder, note } from './dynamodb-orders';
import { paymentProvider, paymentSettings } from './dynamodb-payment-provider';
import { readEnvironment } from '../shared/environment';
import type { ChargeResult } from './payments';
import { parseInput, stepSchema } from './step-input';
import { totalOf } from './validation';

const { ORDERS_TABLE_NAME } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = connectToDynamodb();
const payments = paymentProvider(readEnvironment(paymentSettings, process.env), client);
const logger = new Logger();

/** Charges an order; a decline is an answer, and what may pass with time is an error that the state machine retries. */
export const handler = async (event: unknown, context: Context): Promise<ChargeResult> => {
  logger.addContext(context);
  const { orderId } = parseInput(stepSchema, event);
  const orders = { client, table: ORDERS_TABLE_NAME, now: () => new Date() };
  const { order } = await getOrder(orders, orderId);
  const { currency, paymentMethod } = order;
  const result = await payments.charge({ orderId, cents: totalOf(order), currency, paymentMethod });
  await note(orders, orderId, result.outcome, result.outcome === 'declined' ? { detail: result.reason } : {});
  logger.info('payment answered', { orderId, outcome: result.outcome });
  return result;
};
