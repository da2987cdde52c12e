import { createHash } from 'node:crypto';
import { matches } from './event-filter';
import type { StreamMapping } from './mapping';
import type { Position, StreamRecord, StreamSource } from './stream-source';

export interface ShardReading {
  readonly source: StreamSource;
  readonly mapping: StreamMapping;
  readonly shardId: string;
  /** Sequence number after which it continues. */
  readonly after: string | undefined;
  /** Processes a batch until each of its records is processed or discarded. */
  readonly deliver: (records: readonly StreamRecord[]) => Promise<void>;
  /** Records that everything up to a sequence number has been processed. */
  readonly saveCheckpoint: (sequenceNumber: string) => void;
  readonly now: () => number;
  /** Waits; returns early once the reading is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly isStopped: () => boolean;
}

/** Pause after an empty page. AWS polls a Kinesis shard once and a DynamoDB shard four times a second. */
const idleMilliseconds = 200;

/**
 * Reads a shard to its end and delivers its records in batches.
 *
 * A checkpoint is saved after the batches of a round: records since then are delivered again after a crash. With a
 * parallelization factor, records of a round are divided by partition key, so that those of one key stay in order.
 *
 * @returns whether the shard is closed and all its records are processed
 */
export async function readShard(reading: ShardReading): Promise<boolean> {
  const { mapping, sleep, isStopped, now } = reading;
  const pages = new Pages(reading);
  const capacity = mapping.batchSize * mapping.parallelization;
  let pending: StreamRecord[] = [];
  let firstAt = 0;
  while (!isStopped()) {
    if (pending.length < capacity && !pages.ended) {
      const records = await pages.next();
      if (pending.length === 0) firstAt = now();
      pending.push(...records);
    }
    if (pending.length === 0) {
      if (pages.ended) return true;
      await sleep(idleMilliseconds);
      continue;
    }
    const openMilliseconds = firstAt + mapping.windowMilliseconds - now();
    if (pending.length < capacity && !pages.ended && openMilliseconds > 0) {
      await sleep(Math.min(idleMilliseconds, openMilliseconds));
      continue;
    }
    const round = pending.slice(0, capacity);
    pending = pending.slice(capacity);
    await Promise.all(sequencesOf(round, mapping).map((sequence) => deliverSequence(sequence, reading)));
    // A reader that was stopped meanwhile has lost its right to the shard, as a crashed one.
    if (!isStopped()) reading.saveCheckpoint(round.at(-1)?.sequenceNumber ?? '');
  }
  return false;
}

async function deliverSequence(
  records: readonly StreamRecord[],
  { mapping, deliver, isStopped }: ShardReading,
): Promise<void> {
  for (let start = 0; start < records.length && !isStopped(); start += mapping.batchSize) {
    await deliver(records.slice(start, start + mapping.batchSize));
  }
}

/** Divides records by partition key into as many sequences as batches may be processed at once. */
export function sequencesOf(
  records: readonly StreamRecord[],
  { parallelization }: Pick<StreamMapping, 'parallelization'>,
): StreamRecord[][] {
  const sequences = Map.groupBy(records, ({ partitionKey }) =>
    parallelization === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE() % parallelization,
  );
  return [...sequences.values()];
}

/** Pages of a shard, without the records that the mapping filters out. */
class Pages {
  ended = false;
  private iterator: string | undefined;
  private lastRead: string | undefined;

  constructor(private readonly reading: ShardReading) {
    this.lastRead = reading.after;
  }

  async next(): Promise<readonly StreamRecord[]> {
    const { source, shardId, mapping, sleep } = this.reading;
    try {
      this.iterator ??= await source.iterator(shardId, this.position);
      const page = await source.read(shardId, this.iterator, mapping.batchSize * mapping.parallelization);
      this.iterator = page.next;
      this.ended = page.next === undefined;
      this.lastRead = page.records.at(-1)?.sequenceNumber ?? this.lastRead;
      const { filters } = mapping;
      return page.records.filter(({ event }) => filters.length === 0 || filters.some((one) => matches(one, event)));
    } catch (error) {
      if (isGone(error)) {
        this.ended = true;
        return [];
      }
      // An iterator expires after some minutes, which a long batch outlasts.
      this.iterator = undefined;
      await sleep(idleMilliseconds);
      return [];
    }
  }

  private get position(): Position {
    if (this.lastRead !== undefined) return { after: this.lastRead };
    return { type: this.reading.mapping.startingPosition };
  }
}

/** The stream was deleted, or the emulator has removed a shard that was split. */
function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}
