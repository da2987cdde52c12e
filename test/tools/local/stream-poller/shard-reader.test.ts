import fc from 'fast-check';
import type { StreamMapping } from '../../../../tools/local/stream-poller/mapping';
import { readShard } from '../../../../tools/local/stream-poller/shard-reader';
import type { Position, StreamRecord, StreamSource } from '../../../../tools/local/stream-poller/stream-source';
import { mappingWith, numbersOf, recordsOf } from './sample-records';

/** Closed shard; an iterator is the index of the next record. */
class FakeShard implements StreamSource {
  readonly positions: Position[] = [];

  constructor(
    private readonly records: readonly StreamRecord[],
    private readonly pageSize = 1_000,
  ) {}

  shards() {
    return Promise.resolve([{ id: 'shard', parents: [] }]);
  }

  iterator(_: string, position: Position): Promise<string> {
    this.positions.push(position);
    if (!('after' in position)) return Promise.resolve('0');
    return Promise.resolve(String(this.records.findIndex((one) => one.sequenceNumber === position.after) + 1));
  }

  read(_: string, iterator: string, limit: number) {
    const end = Number(iterator) + Math.min(limit, this.pageSize);
    const next = end >= this.records.length ? undefined : String(end);
    return Promise.resolve({ records: this.records.slice(Number(iterator), end), next });
  }
}

interface Options {
  readonly after?: string;
  readonly pageSize?: number;
  readonly deliver?: (records: readonly StreamRecord[]) => Promise<void>;
  readonly isStopped?: () => boolean;
}

async function read(records: readonly StreamRecord[], settings: Partial<StreamMapping>, options: Options = {}) {
  const batches: string[] = [];
  const checkpoints: string[] = [];
  const source = new FakeShard(records, options.pageSize);
  let now = 0;
  const isFinished = await readShard({
    source,
    mapping: mappingWith(settings),
    shardId: 'shard',
    after: options.after,
    deliver: async (batch) => {
      batches.push(numbersOf(batch));
      await options.deliver?.(batch);
    },
    saveCheckpoint: (sequenceNumber) => checkpoints.push(sequenceNumber),
    now: () => now,
    sleep: (milliseconds) => Promise.resolve(void (now += milliseconds)),
    isStopped: options.isStopped ?? (() => false),
  });
  return { batches, checkpoints, source, isFinished };
}

it('a batch has the maximum number of records at most', async () => {
  const { batches, isFinished } = await read(recordsOf(5), { batchSize: 2 });
  expect(batches).toEqual(['1 2', '3 4', '5']);
  expect(isFinished).toBe(true);
});

it('a batching window gathers records of several pages', async () => {
  const { batches } = await read(recordsOf(6), { windowMilliseconds: 1_000 }, { pageSize: 2 });
  expect(batches).toEqual(['1 2 3 4 5 6']);
});

it('without a window, a batch is what there is', async () => {
  const { batches } = await read(recordsOf(6), {}, { pageSize: 2 });
  expect(batches).toEqual(['1 2', '3 4', '5 6']);
});

it.each(['TRIM_HORIZON', 'LATEST'] as const)('reading begins at %s', async (startingPosition) => {
  const { source } = await read(recordsOf(1), { startingPosition });
  expect(source.positions).toEqual([{ type: startingPosition }]);
});

it('reading continues after the checkpoint', async () => {
  const { batches, source } = await read(recordsOf(4), {}, { after: '2' });
  expect(source.positions).toEqual([{ after: '2' }]);
  expect(batches).toEqual(['3 4']);
});

it('a checkpoint is saved after a batch, so that a crash delivers the batch again', async () => {
  let isCrashed = false;
  const crash = (): Promise<void> => Promise.resolve(void (isCrashed = true));
  const { checkpoints } = await read(recordsOf(4), { batchSize: 2 }, { deliver: crash, isStopped: () => isCrashed });
  expect(checkpoints).toEqual([]);
  expect((await read(recordsOf(4), { batchSize: 2 })).checkpoints).toEqual(['2', '4']);
});

it('records that no filter matches are skipped', async () => {
  const { batches } = await read(recordsOf(3), { filters: [{ data: ['1'] }, { data: ['3'] }] });
  expect(batches).toEqual(['1 3']);
});

it('with a parallelization factor, batches run at once and records of a key stay in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(9), { minLength: 1, maxLength: 60 }),
      async (parallelization, batchSize, keys) => {
        const records = recordsOf(keys.length, (index) => `key-${keys[index]}`);
        const seen: StreamRecord[] = [];
        let running = 0;
        let most = 0;
        const deliver = async (batch: readonly StreamRecord[]): Promise<void> => {
          most = Math.max(most, ++running);
          await Promise.resolve();
          seen.push(...batch);
          running -= 1;
        };
        await read(records, { parallelization, batchSize }, { deliver });
        expect(most).toBeLessThanOrEqual(parallelization);
        for (const key of new Set(keys)) {
          const of = (some: readonly StreamRecord[]) =>
            numbersOf(some.filter((one) => one.partitionKey === `key-${key}`));
          expect(of(seen)).toBe(of(records));
        }
      },
    ),
    { numRuns: 50 },
  );
});
