import { aggregateBatch, type AggregationWork } from '../../../lambda/stream-processor/aggregation';
import { contentOf, identityOf, type Reading } from '../../../lambda/stream-processor/reading';
import {
  ReadingConflictError,
  type ReceivedRecord,
  type WindowGroup,
} from '../../../lambda/stream-processor/reading-batch';
import { streamResponse } from '../../../lambda/stream-processor/stream-response';
import { addReadings, type WindowState } from '../../../lambda/stream-processor/window';
import type { Answer } from '../../../tools/local/stream-poller/batch-answer';
import { deliverBatch } from '../../../tools/local/stream-poller/deliver-batch';
import type { StreamRecord } from '../../../tools/local/stream-poller/stream-source';
import { mappingWith } from '../../tools/local/stream-poller/sample-records';

const [readingCount, devices, poisonCount, batchSize] = [100_000, 500, 20, 1_000];
const now = Date.parse('2026-11-27T12:00:00.000Z');
const rules = { windowSeconds: 60, latenessSeconds: 3_600, clockToleranceSeconds: 60 };

/** Numbers from 0 to below 1, the same in each run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const random = randomOf(20_261_127);

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}

/** Shortest text of a number of billionths. */
function textOf(billionths: bigint): string {
  const digits = String(billionths < 0n ? -billionths : billionths).padStart(10, '0');
  const text = `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
  return billionths < 0n ? `-${text}` : text;
}

const values = Array.from({ length: readingCount }, () => BigInt(Math.floor((random() - 0.5) * 1e15)));
const readings = values.map((value, index): Reading => ({
  deviceId: `d-${index % devices}`,
  readingId: String(index),
  takenAt: new Date(now - Math.floor(random() * 600_000)).toISOString(),
  value: textOf(value),
}));
const poison = Array.from({ length: poisonCount }, (_, index) => `poison ${index}`);
const repeated = readings.filter(() => random() < 0.1);
const data = shuffle([...[...readings, ...repeated].map((one) => JSON.stringify(one)), ...poison]);

/** Tables in memory, which fail in between: before a write takes effect, or after it. */
class Store {
  readonly windows = new Map<string, WindowState>();
  readonly seen = new Map<string, string>();
  readonly archived = new Set<string>();
  failures = 0;

  readonly addToWindow = async ({ deviceId, windowStart: start, readings: some }: WindowGroup): Promise<number> => {
    await Promise.resolve();
    this.failSometimes();
    const fresh = some.filter((one) => {
      const content = this.seen.get(identityOf(one));
      if (content !== undefined && content !== contentOf(one)) throw new ReadingConflictError('conflict');
      return content === undefined;
    });
    if (fresh.length > 0) {
      const key = `${deviceId} ${start}`;
      this.windows.set(key, addReadings(this.windows.get(key), fresh));
      for (const one of fresh) this.seen.set(identityOf(one), contentOf(one));
    }
    this.failSometimes();
    return fresh.length;
  };

  readonly archive: AggregationWork['archive'] = (some) => {
    for (const one of some) this.archived.add(identityOf(one));
    return Promise.resolve();
  };

  private failSometimes(): void {
    if (random() >= 0.000_2) return;
    this.failures += 1;
    throw new Error('dropped');
  }
}

it('100,000 readings, a tenth sent twice, with poison records and failing writes, are in their windows once', async () => {
  const store = new Store();
  const discarded: string[] = [];
  const records = data.map((one, index): StreamRecord & ReceivedRecord => {
    const sequenceNumber = String(index);
    return { sequenceNumber, arrivedAt: now, data: one, partitionKey: 'key', event: {} };
  });
  const invoke = async (some: readonly StreamRecord[]): Promise<Answer> => {
    const received = some as readonly (StreamRecord & ReceivedRecord)[];
    try {
      const { failure } = await aggregateBatch(received, {
        rules,
        concurrency: 10,
        addToWindow: store.addToWindow,
        archive: store.archive,
      });
      return { functionError: undefined, response: streamResponse(received, failure) };
    } catch {
      return { functionError: 'Unhandled', response: {} };
    }
  };
  const settings = { bisects: true, reportsItemFailures: true, maximumRetries: 3 };
  for (let start = 0; start < records.length; start += batchSize) {
    await deliverBatch(records.slice(start, start + batchSize), {
      mapping: mappingWith(settings),
      invoke,
      discard: ({ records: some }) => {
        for (const one of some) discarded.push((one as StreamRecord & ReceivedRecord).data);
        return Promise.resolve();
      },
      now: () => now,
      pause: () => Promise.resolve(),
    });
  }

  expect(store.failures).toBeGreaterThan(10);
  expect(repeated.length / readingCount).toBeCloseTo(0.1, 2);
  expect(discarded.sort()).toEqual(poison.sort());
  expect(store.archived.size).toBe(readingCount);
  const keyOf = ({ deviceId, takenAt }: Reading): string => `${deviceId} ${takenAt.slice(0, 16)}:00.000Z`;
  const expected = Map.groupBy(readings.keys(), (index) => keyOf(readings[index]!));
  expect(store.windows.size).toBe(expected.size);
  for (const [key, indexes] of expected) {
    const sorted = indexes
      .map((index) => values[index]!)
      .sort((one, other) => (one < other ? -1 : Number(one > other)));
    expect({ ...store.windows.get(key), version: 0 }).toEqual({
      count: sorted.length,
      sum: textOf(sorted.reduce((sum, one) => sum + one, 0n)),
      min: textOf(sorted[0]!),
      max: textOf(sorted.at(-1)!),
      version: 0,
    });
  }
}, 60_000);
