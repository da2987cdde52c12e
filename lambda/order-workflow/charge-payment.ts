import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { beginCharge } from './adapters/dynamodb-order-states';
import { recordMilestone } from './adapters/dynamodb-orders';
import { createPaymentProvider, paymentSettings } from './adapters/payment-provider';
import { ChargeExpiredError, type ChargeResult } from './payments';
import { stepSchema } from './step-input';
import { totalAmount } from './validation';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), CHARGE_WINDOW_SECONDS: z.optional(wholeNumber) }),
  process.env,
);
const client = createDynamoDBClient();
const payments = createPaymentProvider(readEnvironment(paymentSettings, process.env), client);

/**
 * Charges an order; a decline is a result, and a transient failure is an error that the state machine retries.
 *
 * The record decides before the payment service: a charge that succeeded is not made again, and none follows a refund.
 */
export const handler = translateBusyErrors(async (event, context): Promise<ChargeResult> => {
  logger.addContext(context);
  const step = parseInput(stepSchema, event);
  const { orderId } = step;
  const now = (): Date => new Date();
  const orders = { client, tableName: settings.ORDERS_TABLE_NAME, now };
  const attempt = await beginCharge(orders, step);
  if (attempt === undefined) return { outcome: 'declined', reason: 'voided' };
  const { order, milestones } = attempt.record;
  if (milestones.has('charged')) return { outcome: 'charged' };
  const seconds = (now().getTime() - attempt.firstAttempt.getTime()) / 1_000;
  if (seconds > (settings.CHARGE_WINDOW_SECONDS ?? Infinity)) throw new ChargeExpiredError(orderId, seconds);
  const { currency, paymentMethod } = order;
  const result = await payments.charge({ orderId, amount: totalAmount(order), currency, paymentMethod });
  const more = result.outcome === 'declined' ? { detail: result.reason } : {};
  await recordMilestone(orders, orderId, result.outcome, more);
  logger.info('payment charged or declined', { orderId, outcome: result.outcome });
  return result;
});
