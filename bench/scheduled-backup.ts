/**
 * The backup of scheduled-backup against the loop that people start with, on the same bucket in the same run, and the memory
 * of what reads a manifest's records, from 1,000 to 100,000 objects.
 *
 * The first part needs a stack to run against: `npm run local -- scheduled-backup --keep`, then `source .local/env`, or an
 * account with the stack in it and OUTPUTS naming the file of its outputs. Without one it is left out, and said so.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { removeVersions } from '../scenarios/scheduled-backup/clean-up';
import { putAll, type SourceObject } from '../scenarios/scheduled-backup/source-objects';
import { deployed, type Deployed } from './scheduled-backup/deployed';
import { heapOfGathering } from './scheduled-backup/gathering-memory';
import { batches, fartherAway, prefix, sequentialLoop, wholeMachine } from './scheduled-backup/ways';

const objects = 500;
/** Milliseconds that S3 takes to answer a function, about. */
const latency = 30;

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

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
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
