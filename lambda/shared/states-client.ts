import { SFNClient } from '@aws-sdk/client-sfn';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to Step Functions. */
export function createStatesClient(limits: ClientLimits = {}): SFNClient {
  return createLimitedClient(SFNClient, limits);
}
