import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb, note } from './dynamodb-orders';
import { paymentProvider, paymentSettings } from './dynamodb-payment-provider';
import { readEnvironment } from '../shared/environment';
import type { RefundResult } from './payments';
import { parseInput, stepSchema } from './step-input';

const { ORDERS_TABLE_NAME } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = connectToDynamodb();
const payments = paymentProvider(readEnvironment(paymentSettings, process.env), client);
const logger = new Logger();

/** Undoes a charge that was made, or may have been, or may still arrive. */
export const handler = async (event: unknown, context: Context): Promise<RefundResult> => {
  logger.addContext(context);
  const { orderId } = parseInput(stepSchema, event);
  const result = await payments.refund(orderId);
  const milestone = result.outcome === 'refunded' ? 'refunded' : 'charge voided';
  await note({ client, table: ORDERS_TABLE_NAME, now: () => new Date() }, orderId, milestone);
  logger.info('charge undone', { orderId, outcome: result.outcome });
  return result;
};
