import type { S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { copyBatch, type CopyBatch } from '../../../lambda/scheduled-backup/copy-batch';

/** The stack's defaults. */
const batchItems = 100;
const batchConcurrency = 20;
const objectConcurrency = 16;

const run = 'bench';

export type Sender = Pick<S3Client, 'send'>;
/** Batches of keys as the distributed map makes them. */
export function batchesOf(keys: readonly string[], day: string): CopyBatch[] {
  const items = keys.map((key) => ({ day, run, key, size: 0, mayExist: false }));
  return Array.from({ length: Math.ceil(items.length / batchItems) }, (_, index) => ({
    items: items.slice(index * batchItems, (index + 1) * batchItems) as unknown as CopyBatch['items'],
  }));
}

/** Copies batches in this process as the copy function does. */
export async function copyInBatches(
  s3: Sender,
  buckets: { sourceBucket: string; backupBucket: string },
  batches: readonly CopyBatch[],
): Promise<void> {
  const { signal } = new AbortController();
  const journal = { client: journalWithLock(), bucket: 'journal', signal };
  await pMap(
    batches,
    (batch) =>
      copyBatch(batch, {
        s3: { client: s3, signal },
        ...buckets,
        journal,
        timeLimit: { hasTimeLeft: () => true, signal, recordSignal: signal },
        now: Date.now,
        concurrency: objectConcurrency,
        multipartThresholdBytes: 5 * 1024 ** 3,
        onFailed: ({ key, reason }) => console.error(`${key}: ${reason}`),
      }),
    { concurrency: batchConcurrency },
  );
}

/** Client of a journal that has the lock of this run and nothing else, and discards records: it is not part of the measured buckets. */
function journalWithLock(): Sender {
  const text = JSON.stringify({ run, execution: '', day: '' });
  const send = ({ input }: { readonly input: { readonly Key: string; readonly Body?: string } }) =>
    input.Body === undefined && input.Key !== 'lock.json'
      ? Promise.reject(Object.assign(new Error('absent'), { name: 'NoSuchKey' }))
      : Promise.resolve({ Body: { transformToString: () => Promise.resolve(text) } });
  return { send } as Sender;
}
