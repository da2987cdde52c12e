import { CopyObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyBatch, type CopyBatch } from '../../../lambda/scheduled-backup/copy-batch';
import { inLanes } from '../../../lambda/scheduled-backup/lanes';
import { copySource, s3Objects } from '../../../lambda/scheduled-backup/s3-objects';
import type { Deployed } from './deployed';

/** As the stack's defaults have it. */
const batchItems = 100;
const batchesAtOnce = 20;
const objectsAtOnce = 16;

export type Sender = Pick<S3Client, 'send'>;

/** What all of it is copied for. */
export const prefix = 'bench/';

/** The seed of it all: list, copy, next. */
export async function sequentialLoop(s3: Sender, { sourceBucket, backupBucket }: Deployed, day: string): Promise<void> {
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

/** The copy function's work in batches as AWS hands them out, pinned and compared, in this process. */
export async function batches(
  s3: Sender,
  { sourceBucket, backupBucket }: Deployed,
  keys: readonly string[],
  day: string,
) {
  const run = 'bench';
  const items = keys.map((key) => ({ day, run, resumed: false, key, size: 0 }));
  const groups = Array.from({ length: Math.ceil(items.length / batchItems) }, (_, index) =>
    items.slice(index * batchItems, (index + 1) * batchItems),
  );
  const text = JSON.stringify({ run, execution: '', day });
  const journal = { read: () => Promise.resolve({ text, etag: '' }), write: () => Promise.resolve() };
  await inLanes(groups, batchesAtOnce, (group) =>
    copyBatch(
      { items: group as unknown as CopyBatch['items'], retried: false },
      {
        objects: s3Objects({ client: s3, signal: new AbortController().signal }),
        sourceBucket,
        backupBucket,
        journal,
        deadline: { hasTime: true, signal: new AbortController().signal },
        lanes: objectsAtOnce,
        multipartThresholdBytes: 5 * 1024 ** 3,
        onFailed: ({ key, reason }) => console.error(`${key}: ${reason}`),
      },
    ),
  );
}

/** The deployed machine, from its start to its end. */
export async function wholeMachine({ machine }: Deployed, day: string): Promise<void> {
  const stepFunctions = new SFNClient({});
  const input = JSON.stringify({ scheduledTime: `${day}T00:00:00Z` });
  const started = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: machine, input }));
  const { executionArn } = started;
  for (;;) {
    const { status, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`the backup ended ${status ?? ''}: ${cause ?? ''}`);
    await sleep(200);
  }
}

/** The same client, farther away: each request takes so much longer, as it does from a function to S3. */
export function fartherAway(s3: S3Client, milliseconds: number): Sender {
  const send = async (...request: unknown[]): Promise<unknown> => {
    await sleep(milliseconds);
    return (s3.send as (...request: unknown[]) => Promise<unknown>).apply(s3, request);
  };
  return { send: send as S3Client['send'] };
}
