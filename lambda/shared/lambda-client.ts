import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to Lambda. */
export function createLambdaClient(limits: ClientLimits = {}): LambdaClient {
  return createLimitedClient(LambdaClient, limits);
}
