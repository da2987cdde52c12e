import { performance } from 'node:perf_hooks';
import type { ReceivedRecord } from '../../../lambda/stream-processor/reading-batch';
import { sequencesOf } from '../../local/stream-poller/shard-reader';
import type { StreamRecord } from '../../local/stream-poller/stream-source';
import { libraryHandler } from './library';
import { ourHandler } from './ours';
import { Services, type Usage } from './services';

export interface Work {
  readonly who: 'ours' | 'library';
  readonly shards: number;
  /** Records of each shard. */
  readonly records: number;
  readonly batchSize: number;
  readonly parallelization: number;
  /** Time after which DynamoDB and S3 answer. */
  readonly milliseconds: number;
}

export interface Sample extends Work {
  readonly perSecond: number;
  readonly invocations: number;
  /** Time of all invocations together. */
  readonly invokedMilliseconds: number;
  readonly usage: Usage;
}

/** Devices of each shard. */
const devices = 500;
const now = Date.parse('2026-11-27T09:30:59.000Z');

/** Processes the records of shards in batches, as an event source mapping does, and asserts that each is in its window once. */
export async function processShards(work: Work): Promise<Sample> {
  const services = new Services(work.milliseconds);
  const handle = (work.who === 'ours' ? ourHandler : libraryHandler)(services);
  const shards = Array.from({ length: work.shards }, (_, shard) => recordsOf(shard, work.records));
  let [invocations, invokedMilliseconds] = [0, 0];
  const started = performance.now();
  await Promise.all(
    shards
      .flatMap((records) => sequencesOf(records, work))
      .map(async (sequence) => {
        for (let start = 0; start < sequence.length; start += work.batchSize) {
          const began = performance.now();
          await handle(sequence.slice(start, start + work.batchSize) as (StreamRecord & ReceivedRecord)[]);
          invocations += 1;
          invokedMilliseconds += performance.now() - began;
        }
      }),
  );
  const seconds = (performance.now() - started) / 1_000;
  const count = work.shards * work.records;
  if (services.readings !== count) throw new Error(`expected ${count} readings in windows, got ${services.readings}`);
  return { ...work, perSecond: count / seconds, invocations, invokedMilliseconds, usage: services.usage };
}

/** Readings of a minute, those of a device in turn with those of the others. */
function recordsOf(shard: number, count: number): (StreamRecord & ReceivedRecord)[] {
  return Array.from({ length: count }, (_, index) => {
    const deviceId = `d-${shard}-${index % devices}`;
    const takenAt = new Date(now - (index % 59_000)).toISOString();
    const data = JSON.stringify({ deviceId, readingId: String(index), takenAt, value: `${index}.5` });
    return { sequenceNumber: String(index + 1), arrivedAt: now, data, partitionKey: deviceId, event: {} };
  });
}
