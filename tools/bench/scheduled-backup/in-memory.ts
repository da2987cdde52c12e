import type { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyObject, headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import { batchesOf, copyInBatches, type Sender } from './ways';

const day = '1970-01-01';

export interface Copying {
  readonly objects: number;
  /** Time of one answer. */
  readonly milliseconds: number;
}

/** Copies so many objects in batches, with the defaults of the stack. */
export async function copyFakeInBatches({ objects, milliseconds }: Copying): Promise<void> {
  const s3 = new ObjectCount(milliseconds);
  const buckets = { sourceBucket: 'source', backupBucket: 'backup' };
  await copyInBatches(s3.client, buckets, batchesOf(keysOf(objects), day));
  s3.requireCopies(objects);
}

/** Copies one object after the other, without checking anything. */
export async function copyFakeOneByOne({ objects, milliseconds }: Copying): Promise<void> {
  const s3 = new ObjectCount(milliseconds);
  const { signal } = new AbortController();
  // Not timed: the loop copies whatever is there.
  const head = await headObject({ client: s3.client, signal }, { bucket: 'source', key: 'any' });
  if (head === undefined) throw new Error('no object');
  for (const key of keysOf(objects)) {
    await copyObject({ client: s3.client, signal }, { bucket: 'source', key }, head, {
      ref: { bucket: 'backup', key: `${day}/${key}` },
      storageClass: 'STANDARD',
    });
  }
  s3.requireCopies(objects);
}

function keysOf(objects: number): string[] {
  return Array.from({ length: objects }, (_, index) => `object-${index}`);
}

/** Client that has every object and counts copies, so that the time is that of the answers alone. */
class ObjectCount {
  #copies = 0;

  constructor(private readonly milliseconds: number) {}

  get client(): Sender {
    const send = async (command: object): Promise<object> => {
      await sleep(this.milliseconds);
      if (command.constructor.name === 'CopyObjectCommand') this.#copies += 1;
      return { VersionId: 'v', ETag: '"e"', ContentLength: 1 };
    };
    return { send } as Pick<S3Client, 'send'>;
  }

  requireCopies(objects: number): void {
    if (this.#copies !== objects) throw new Error(`expected ${objects} copies, got ${this.#copies}`);
  }
}
