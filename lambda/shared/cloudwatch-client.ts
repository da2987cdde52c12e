import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to CloudWatch. */
export function createCloudWatchClient(limits: ClientLimits = {}): CloudWatchClient {
  return createLimitedClient(CloudWatchClient, limits);
}
