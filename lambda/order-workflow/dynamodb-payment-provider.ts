import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sandboxPayments } from './dynamodb-sandbox-payments';
import { httpsPayments } from './https-payments';
import type { PaymentProvider } from './payments';
import { secretKey } from './secretsmanager-key';

/** What the stack says of the payment service: a ledger, or an address with the secret that holds its key. */
export const paymentSettings = z.union([
  z.object({ PAYMENTS_TABLE_NAME: z.string() }),
  z.object({ PAYMENTS_URL: z.string(), PAYMENTS_KEY_ARN: z.string() }),
]);

/** Less than the function has, so that no answer is an error with a name and not a timeout. */
const timeoutMilliseconds = 6_000;

/** The payment service that the stack was configured with. */
export function paymentProvider(
  settings: z.output<typeof paymentSettings>,
  client: Pick<DynamoDBClient, 'send'>,
): PaymentProvider {
  if ('PAYMENTS_URL' in settings) {
    const apiKey = secretKey(settings.PAYMENTS_KEY_ARN, Date.now);
    return httpsPayments({ url: settings.PAYMENTS_URL, apiKey, fetch, timeoutMilliseconds });
  }
  return sandboxPayments({
    client,
    table: settings.PAYMENTS_TABLE_NAME,
    pause: sleep,
    crash: () => process.exit(1),
  });
}
