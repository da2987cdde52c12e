import { SSMClient } from '@aws-sdk/client-ssm';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to Parameter Store. */
export function createSsmClient(limits: ClientLimits = {}): SSMClient {
  return createLimitedClient(SSMClient, limits);
}
