import { SNSClient } from '@aws-sdk/client-sns';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to SNS. */
export function createSNSClient(limits: ClientLimits = {}): SNSClient {
  return createLimitedClient(SNSClient, limits);
}
