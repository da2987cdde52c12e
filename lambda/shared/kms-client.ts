import { KMSClient } from '@aws-sdk/client-kms';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to KMS. */
export function createKMSClient(limits: ClientLimits = {}): KMSClient {
  return createLimitedClient(KMSClient, limits);
}
