import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { createSecretsManagerClient } from '../../shared/secretsmanager-client';
import type { PaymentProvider } from '../payments';
import { createSandboxPayments } from './dynamodb-sandbox-payments';
import { createHttpsPayments } from './https-payments';

/** Environment of the payment functions: a ledger table, or a URL with the secret that holds its key. */
export const paymentSettings = z.union([
  z.object({ PAYMENTS_TABLE_NAME: z.string() }),
  z.object({ PAYMENTS_URL: z.string(), PAYMENTS_KEY_ARN: z.string() }),
]);

/** Shorter than the function's timeout, so that a missing response is a named error rather than a timeout. */
const timeoutMilliseconds = 6_000;

/** The payment service that the stack is configured with. */
export function createPaymentProvider(
  settings: z.output<typeof paymentSettings>,
  client: Pick<DynamoDBClient, 'send'>,
): PaymentProvider {
  if ('PAYMENTS_URL' in settings) {
    const secrets = { client: createSecretsManagerClient(), now: Date.now };
    const getApiKey = createSecretReader(secrets, settings.PAYMENTS_KEY_ARN);
    return createHttpsPayments({ url: settings.PAYMENTS_URL, getApiKey, fetch, timeoutMilliseconds });
  }
  return createSandboxPayments({
    client,
    tableName: settings.PAYMENTS_TABLE_NAME,
    sleep,
    crash: () => process.exit(1),
  });
}

/** Time after which a secret is read again, so that a rotated key takes effect. */
const cachedMilliseconds = 300_000;

/** Returns a function that reads a secret's text and caches it for five minutes. Needs `secretsmanager:GetSecretValue`. */
export function createSecretReader(
  { client, now }: { readonly client: Pick<SecretsManagerClient, 'send'>; readonly now: () => number },
  secretId: string,
): () => Promise<string> {
  let cached: { readonly key: string; readonly at: number } | undefined;
  return async () => {
    if (cached !== undefined && now() - cached.at < cachedMilliseconds) return cached.key;
    const { SecretString: key = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (key === '') throw new Error(`secret ${secretId} has no text: store the payment service's key in it`);
    cached = { key, at: now() };
    return key;
  };
}
