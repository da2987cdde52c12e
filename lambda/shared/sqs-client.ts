import { SQSClient } from '@aws-sdk/client-sqs';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to SQS. */
export function createSQSClient(limits: ClientLimits = {}): SQSClient {
  return createLimitedClient(SQSClient, limits);
}
