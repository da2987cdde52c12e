import { removeVersions } from '../../../scenarios/shared/s3-keys';
import { S3Client } from '@aws-sdk/client-s3';
import { performance } from 'node:perf_hooks';
import { putAll, type SourceObject } from '../../../scenarios/scheduled-backup/source-objects';
import type { Deployed } from './deployed';
import { batchesOf, copyInBatches, fartherAway, prefix, sequentialLoop, wholeMachine } from './ways';

/** Typical answer time of S3 for a function, in milliseconds. */
const latency = 30;

/** Measured way to copy all objects. */
export interface Walk {
  readonly way: string;
  readonly objects: number;
  readonly seconds: number;
  /** Relative to the loop at the same distance. */
  readonly ratio: number;
}

/** Measures the loop, the batches and the whole state machine on the same bucket, and removes its objects afterwards. */
export async function againstTheLoop(target: Deployed, objects: number): Promise<Walk[]> {
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
    const loop = await seconds(() => sequentialLoop(s3, target, days[0]));
    const batched = await seconds(() => copyInBatches(s3, target, batchesOf(keys, days[1])));
    const machine = await seconds(() => wholeMachine(target, days[2]));
    const farLoop = await seconds(() => sequentialLoop(far, target, days[0]));
    const farBatched = await seconds(() => copyInBatches(far, target, batchesOf(keys, days[1])));
    const away = `${latency} ms farther away`;
    return [
      { way: 'sequential loop', objects, seconds: loop, ratio: 1 },
      { way: 'batches, exact versions and compared', objects, seconds: batched, ratio: batched / loop },
      { way: 'whole machine', objects, seconds: machine, ratio: machine / loop },
      { way: `sequential loop, ${away}`, objects, seconds: farLoop, ratio: 1 },
      { way: `batches, ${away}`, objects, seconds: farBatched, ratio: farBatched / farLoop },
    ];
  } finally {
    await removeVersions(s3, target.sourceBucket, prefix);
    for (const day of days) {
      await removeVersions(s3, target.backupBucket, `${day}/`);
      await removeVersions(s3, target.backupBucket, `_manifests/${day}/`);
    }
  }
}

export async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
