import { CopyObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import pMap from 'p-map';
import { setTimeout as sleep } from 'node:timers/promises';
import { copySource } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import { copyBatch, type CopyBatch } from '../../../lambda/scheduled-backup/copy-batch';
import type { Deployed } from './deployed';

/** The stack's defaults. */
const batchItems = 100;
const batchConcurrency = 20;
const objectConcurrency = 16;

const run = 'bench';

export type Sender = Pick<S3Client, 'send'>;
type Buckets = Pick<Deployed, 'sourceBucket' | 'backupBucket'>;

/** Prefix of the measured objects. */
export const prefix = 'bench/';

/** Copies one listed object after the other: the simplest backup. */
export async function sequentialLoop(s3: Sender, { sourceBucket, backupBucket }: Buckets, day: string): Promise<void> {
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: sourceBucket, Prefix: prefix, ContinuationToken }));
    for (const { Key = '' } of page.Contents ?? []) {
      const CopySource = copySource({ bucket: sourceBucket, key: Key });
      await s3.send(new CopyObjectCommand({ Bucket: backupBucket, Key: `${day}/${Key}`, CopySource }));
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** Batches of keys as the distributed map makes them. */
export function batchesOf(keys: readonly string[], day: string): CopyBatch[] {
  const items = keys.map((key) => ({ day, run, key, size: 0, mayExist: false }));
  return Array.from({ length: Math.ceil(items.length / batchItems) }, (_, index) => ({
    items: items.slice(index * batchItems, (index + 1) * batchItems) as unknown as CopyBatch['items'],
  }));
}

/** Copies batches in this process as the copy function does. */
export async function copyInBatches(s3: Sender, buckets: Buckets, batches: readonly CopyBatch[]): Promise<void> {
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

/** Runs the deployed state machine and waits for its end. */
export async function wholeMachine({ machine }: Deployed, day: string): Promise<void> {
  const stepFunctions = new SFNClient({});
  const input = JSON.stringify({ scheduledTime: `${day}T00:00:00Z` });
  const { executionArn } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: machine, input }));
  for (;;) {
    const { status, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`the backup ended ${status ?? ''}: ${cause ?? ''}`);
    await sleep(200);
  }
}

/** Client whose requests take so much longer, as they do from a function to S3. */
export function fartherAway(s3: Sender, milliseconds: number): Sender {
  const send = async (...request: unknown[]): Promise<unknown> => {
    await sleep(milliseconds);
    return (s3.send as (...request: unknown[]) => Promise<unknown>).apply(s3, request);
  };
  return { send: send as S3Client['send'] };
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
