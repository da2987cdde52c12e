import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to CloudWatch Logs. */
export function createLogsClient(limits: ClientLimits = {}): CloudWatchLogsClient {
  return createLimitedClient(CloudWatchLogsClient, limits);
}
