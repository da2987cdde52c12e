/**
 * The backup of scheduled-backup against the loop that people start with, on the same bucket in the same run, and the memory
 * of what reads a manifest's records, from 1,000 to 100,000 objects.
 *
 * The first part needs a stack to run against: `npm run local -- scheduled-backup --keep`, then `source .local/env`, or an
 * account with the stack in it and OUTPUTS naming the file of its outputs. Without one it is left out, and said so.
 */
import { CopyObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { copyBatch, type CopyBatch } from '../lambda/scheduled-backup/copy-batch';
import { gather } from '../lambda/scheduled-backup/gathering';
import { inLanes } from '../lambda/scheduled-backup/lanes';
import { toLines, type Entry } from '../lambda/scheduled-backup/manifest';
import { copySource, s3Objects } from '../lambda/scheduled-backup/s3-objects';
import { putAll, type SourceObject } from '../scenarios/scheduled-backup/source-objects';
import { removeVersions } from '../scenarios/scheduled-backup/clean-up';

const objects = 500;
const batchItems = 100;
const batchesAtOnce = 10;
const prefix = 'bench/';
/** Milliseconds that S3 takes to answer a function, about. */
const latency = 30;

type Sender = Pick<S3Client, 'send'>;

interface Deployed {
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly machine: string;
}

function deployed(): Deployed | undefined {
  const file = process.env['OUTPUTS'] ?? '.local/outputs.json';
  if (!existsSync(file) || (process.env['OUTPUTS'] === undefined && process.env['AWS_ENDPOINT_URL'] === undefined)) {
    return undefined;
  }
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
  const outputs = stacks['ScheduledBackup'];
  const { SourceBucketName, BackupBucketName, BackupStateMachineArn } = outputs ?? {};
  if (SourceBucketName === undefined || BackupBucketName === undefined || BackupStateMachineArn === undefined) {
    return undefined;
  }
  return { sourceBucket: SourceBucketName, backupBucket: BackupBucketName, machine: BackupStateMachineArn };
}

/** The seed of it all: list, copy, next. */
async function sequentialLoop(s3: Sender, { sourceBucket, backupBucket }: Deployed, day: string): Promise<void> {
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
async function batches(s3: Sender, { sourceBucket, backupBucket }: Deployed, keys: readonly string[], day: string) {
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
        lanes: 16,
        multipartThresholdBytes: 5 * 1024 ** 3,
        onFailed: ({ key, reason }) => console.error(`${key}: ${reason}`),
      },
    ),
  );
}

async function wholeMachine({ machine }: Deployed, day: string): Promise<void> {
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

async function againstTheLoop(target: Deployed): Promise<void> {
  const s3 = new S3Client({ requestHandler: { httpsAgent: { maxSockets: 200 } } });
  const all = Array.from({ length: objects }, (_, index): SourceObject => ({
    key: `${prefix}${index}`,
    body: Buffer.alloc(4_096, index % 251),
    contentType: 'application/octet-stream',
    metadata: {},
    tags: {},
  }));
  await putAll(s3, target.sourceBucket, all);
  const keys = all.map(({ key }) => key);
  const days = ['1970-02-01', '1970-02-02', '1970-02-03'] as const;
  try {
    const far = fartherAway(s3, latency);
    const near = {
      'sequential loop': await seconds(() => sequentialLoop(s3, target, days[0])),
      'batches (pinned, compared)': await seconds(() => batches(s3, target, keys, days[1])),
      'whole machine': await seconds(() => wholeMachine(target, days[2])),
    };
    show('as near as the target is', near);
    show(`${latency} ms farther away`, {
      'sequential loop': await seconds(() => sequentialLoop(far, target, days[0])),
      'batches (pinned, compared)': await seconds(() => batches(far, target, keys, days[1])),
    });
  } finally {
    await removeVersions(s3, target.sourceBucket, prefix);
    for (const day of days) {
      await removeVersions(s3, target.backupBucket, `${day}/`);
      await removeVersions(s3, target.backupBucket, `_manifests/${day}/`);
    }
  }
}

function show(title: string, walls: Readonly<Record<string, number>>): void {
  console.log(title);
  const [loop = Number.NaN] = Object.values(walls);
  for (const [name, wall] of Object.entries(walls)) {
    const rate = (objects / wall).toFixed(0);
    console.log(
      `  ${name.padEnd(28)} ${wall.toFixed(1).padStart(6)} s  ${rate.padStart(5)} objects/s  ${(wall / loop).toFixed(2)}`,
    );
  }
}

/** The same client, farther away: each request takes so much longer, as it does from a function to S3. */
function fartherAway(s3: S3Client, milliseconds: number): Sender {
  const send = async (...request: unknown[]): Promise<unknown> => {
    await sleep(milliseconds);
    return (s3.send as (...request: unknown[]) => Promise<unknown>).apply(s3, request);
  };
  return { send: send as S3Client['send'] };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** What gathering holds of so many objects, at the most: records come from nowhere and parts go nowhere. */
async function heapOfGathering(number: number, collect: () => void): Promise<number> {
  const entry = (key: string): Entry => ({
    status: 'copied',
    key,
    version: 'v'.repeat(32),
    copyVersion: 'v'.repeat(32),
    size: 1,
    etag: 'e'.repeat(32),
    checksum: { algorithm: 'CRC64NVME', value: 'c'.repeat(12) },
  });
  const record = (index: number) =>
    toLines(Array.from({ length: batchItems }, (_, item) => entry(`some/folder/object-${index * batchItems + item}`)));
  const lock = { text: JSON.stringify({ run: 'bench', execution: '', day: '' }), etag: '' };
  let peak = 0;
  collect();
  const before = process.memoryUsage().heapUsed;
  await gather(
    {
      day: '1970-01-01',
      run: 'bench',
      scheduledTime: '',
      startedAt: '',
      resumed: false,
      verifyOnly: false,
      partsPrefix: '',
    },
    {
      journal: {
        read: (key) =>
          Promise.resolve(
            key === 'lock.json' ? lock : { text: record(Number(key.slice(key.lastIndexOf('/') + 1))), etag: '' },
          ),
        async *pages(under) {
          const all = number / batchItems;
          for (let start = 0; start < all; start += 1_000) {
            await Promise.resolve();
            yield Array.from({ length: Math.min(1_000, all - start) }, (_, index) => `${under}${start + index}`);
          }
        },
      },
      backup: {
        write: () => {
          collect();
          peak = Math.max(peak, process.memoryUsage().heapUsed - before);
          return Promise.resolve();
        },
      },
      partEntries: 1_000,
      hasTime: () => true,
    },
  );
  return peak / 1024 ** 2;
}

async function main(): Promise<void> {
  const target = deployed();
  if (target === undefined) {
    console.log('no stack to run against: npm run local -- scheduled-backup --keep, then source .local/env');
  } else {
    console.log(`${objects} objects of 4 KiB; the last column is the wall time against the loop`);
    await againstTheLoop(target);
  }
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (const number of [1_000, 10_000, 100_000]) {
    const megabytes = await heapOfGathering(number, collect);
    console.log(`manifest of ${String(number).padStart(7)} objects: ${megabytes.toFixed(1)} MB held at the most`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
