import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { badRowsOf } from '../../../../tools/bench/etl-pipeline/generated-file';
import { runFile } from '../../../../tools/bench/etl-pipeline/ours';
import { dollarsOfChildPerRow, project } from '../../../../tools/bench/etl-pipeline/projection';

it('counts of a generated file are exact, chunk after chunk', async () => {
  let chunks = 0;
  const afterChunk = () => void chunks++;
  const done = await runFile({ rows: 2_000, answer: 0, load: true, chunkKilobytes: 32, afterChunk });
  expect(done).toMatchObject({ rows: 2_000, rejected: badRowsOf(2_000), loaded: 1_960 });
  expect(done.parts).toBe(chunks);
});

it('live memory does not grow with the rows of a file that is split', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const live: number[] = [];
  let chunks = 0;
  const afterChunk = (): void => {
    if (++chunks !== 5 && chunks !== 45) return;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    live.push(heapUsed + arrayBuffers);
  };
  // Rows between the two measurements take two megabytes if they are kept.
  await runFile({ rows: 20_000, answer: 0, load: false, chunkKilobytes: 31, afterChunk });
  const [early = 0, late = 0] = live;
  expect(chunks).toBeGreaterThan(45);
  expect(late - early).toBeLessThan(1_000_000);
});

it('a child execution for each row costs a hundred times a chunk of rows', () => {
  const paces = { bytesOfRow: 150, splitRowsPerSecond: 200_000, loadRowsPerSecond: 5_000 };
  const { dollars, parts, hours } = project({ rows: 1e6, chunkBytes: 4_194_304, concurrency: 4 }, paces);
  expect(parts).toBe(36);
  expect(dollars).toBeCloseTo(0.64, 1);
  expect(hours).toBeCloseTo((5 + 50) / 3_600, 5);
  expect(dollarsOfChildPerRow() / dollars).toBeGreaterThan(90);
});
