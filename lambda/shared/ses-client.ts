import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to SES. */
export function createSesClient(limits: ClientLimits = {}): SESv2Client {
  return createLimitedClient(SESv2Client, limits);
}
