import { HeadBucketCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { InvalidRequestError, StorageFailedError } from '../errors';
import type { TextStore } from './s3-text-store';

/**
 * Refuses a bucket of another region, where S3 answers neither HEAD nor a listing of this client. Needs `s3:ListBucket`.
 *
 * CopyObject alone would work across regions; the transfer is billed.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html, https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 *
 * @throws InvalidRequestError with both regions and the fix
 * @throws StorageFailedError if there is no such bucket, or access to it is denied
 */
export async function requireRegion({ client, bucket, signal }: TextStore, region: string): Promise<void> {
  let failed: S3ServiceException | undefined;
  let actual: string | undefined;
  try {
    const answer = await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
    actual = answer.BucketRegion;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    failed = error;
    // S3 names the region whatever the status: 301, or 400 since the signature is for another region, or 403.
    actual = error.$response?.headers['x-amz-bucket-region'];
  }
  if (actual !== undefined && actual !== region) {
    throw new InvalidRequestError(
      `bucket '${bucket}' is in ${actual}, but the stack is in ${region}: deploy the stack in ${actual}, or use a bucket in ${region}`,
    );
  }
  if (failed === undefined) return;
  // The answer to HEAD has no body that names the error.
  const message = `S3 answered HEAD of bucket '${bucket}' with status ${failed.$metadata.httpStatusCode}: check its name and its policy`;
  throw new StorageFailedError(message, { cause: failed });
}
