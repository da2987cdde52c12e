import { dollarsOfMillion } from '../../../../tools/bench/stream-processor/costs';
import { processShards, type Work } from '../../../../tools/bench/stream-processor/shards';

const work: Work = { who: 'ours', shards: 1, records: 40, batchSize: 20, parallelization: 1, milliseconds: 0 };

it('ours takes two units for each mark and window, a read for each window, and an object for each batch', async () => {
  const { invocations, usage } = await processShards(work);
  expect(invocations).toBe(2);
  expect(usage).toEqual({ writeUnits: 2 * (40 + 40), readUnits: 40, objects: 2 });
});

it('the library takes three units for each reading', async () => {
  const { usage } = await processShards({ ...work, who: 'library' });
  expect(usage).toEqual({ writeUnits: 3 * 40, readUnits: 0, objects: 0 });
});

it('dollars are those of a million records by the price table', async () => {
  const sample = await processShards({ ...work, shards: 2, parallelization: 2 });
  const usage = { writeUnits: 240, readUnits: 0, objects: 0 };
  // Three writes at $0.625 a million, and a second of half a GB for 80 records.
  const dollars = dollarsOfMillion({ ...sample, usage, invocations: 0, invokedMilliseconds: 1_000 });
  expect(dollars).toBeCloseTo(3 * 0.625 + (0.5 * 1.33334e-5 * 1e6) / 80, 6);
});
