import type { S3Client } from '@aws-sdk/client-s3';
import { copyObject, headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import { FakeS3 } from '../../../test/lambda/scheduled-backup/fake-s3';
import { batchesOf, copyInBatches, fartherAway } from './ways';

const day = '1970-01-01';

export interface Copying {
  readonly objects: number;
  /** Time of one answer. */
  readonly milliseconds: number;
}

/** Copies so many objects in batches, with the defaults of the stack. */
export async function copyFakeInBatches({ objects, milliseconds }: Copying): Promise<void> {
  const { s3, keys } = filled(objects);
  await copyInBatches(
    remote(s3, milliseconds),
    { sourceBucket: 'source', backupBucket: 'backup' },
    batchesOf(keys, day),
  );
  requireAll(s3, objects);
}

/** Copies one object after the other, without checking anything. */
export async function copyFakeOneByOne({ objects, milliseconds }: Copying): Promise<void> {
  const { s3, keys } = filled(objects);
  const { signal } = new AbortController();
  const near = { client: s3.client as never, signal };
  const far = { client: remote(s3, milliseconds), signal };
  for (const key of keys) {
    // Not timed: the loop copies whatever is there.
    const head = await headObject(near, { bucket: 'source', key });
    if (head === undefined) throw new Error(`${key} is missing`);
    await copyObject(far, { bucket: 'source', key }, { bucket: 'backup', key: `${day}/${key}` }, head);
  }
  requireAll(s3, objects);
}

/** The fake, answering as late as S3 does. */
function remote(s3: FakeS3, milliseconds: number): Pick<S3Client, 'send'> {
  return fartherAway(s3.client as unknown as S3Client, milliseconds);
}

function filled(objects: number): { readonly s3: FakeS3; readonly keys: readonly string[] } {
  const s3 = new FakeS3();
  const keys = Array.from({ length: objects }, (_, index) => `object-${index}`);
  for (const key of keys) s3.put('source', key);
  return { s3, keys };
}

function requireAll(s3: FakeS3, objects: number): void {
  const copies = s3.keys('backup').length;
  if (copies !== objects) throw new Error(`expected ${objects} copies, got ${copies}`);
}
