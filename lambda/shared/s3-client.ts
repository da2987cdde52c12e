import { S3Client } from '@aws-sdk/client-s3';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to S3. */
export function createS3Client(limits: ClientLimits = {}): S3Client {
  return createLimitedClient(S3Client, limits);
}
