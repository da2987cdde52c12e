import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clientSettings } from '../client-settings';
import { resourcesOf, type Assembly } from '../localize/assembly';
import { referenceOf } from '../localize/removal';

/** Bucket that S3 Files shows as a file system. */
export interface MountedBucket {
  readonly stack: string;
  readonly logicalId: string;
}

/** Mounted buckets of these stacks, as they were synthesized: the emulator rejects S3 Files. */
export function mountedBuckets(assembly: Assembly, stackIds: readonly string[]): MountedBucket[] {
  return resourcesOf(assembly, 'AWS::S3Files::FileSystem')
    .filter(({ stack }) => stackIds.includes(stack.id))
    .map(({ stack, resource }) => ({
      stack: stack.id,
      logicalId: referenceOf(resource.Properties?.['Bucket'])?.id ?? '',
    }));
}

/** Fills the local folder in place of a file system with the objects of the deployed buckets. */
export async function importBuckets(
  buckets: readonly MountedBucket[],
  folder: string,
  endpoint: string,
  certificate: string,
): Promise<void> {
  if (buckets.length === 0) return;
  rmSync(folder, { recursive: true, force: true });
  const settings = clientSettings(endpoint, certificate);
  const cloudFormation = new CloudFormationClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  for (const { stack: StackName, logicalId: LogicalResourceId } of buckets) {
    const { StackResourceDetail: found } = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName, LogicalResourceId }),
    );
    await importObjects(s3, found?.PhysicalResourceId ?? '', folder);
  }
}

/**
 * Writes the objects of a bucket as files, none of them executable: AWS does not say whether Lambda lets files of a mount be
 * executed, and a handler that copes without can do with it.
 */
export async function importObjects(s3: S3Client, Bucket: string, folder: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const file = join(folder, Key);
      mkdirSync(dirname(file), { recursive: true });
      await pipeline(Body as Readable, createWriteStream(file, { mode: 0o644 }));
    }
  }
}
