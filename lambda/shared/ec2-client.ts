import { EC2Client } from '@aws-sdk/client-ec2';
import { createLimitedClient, type ClientLimits } from './client-limits';

/**
 * Makes the client for all of a function's requests to EC2 in a region.
 *
 * @param region by default that of the function
 */
export function createEC2Client(limits: ClientLimits = {}, region?: string): EC2Client {
  return createLimitedClient(EC2Client, limits, region);
}
