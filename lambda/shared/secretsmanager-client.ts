import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to Secrets Manager. */
export function createSecretsManagerClient(limits: ClientLimits = {}): SecretsManagerClient {
  return createLimitedClient(SecretsManagerClient, limits);
}
