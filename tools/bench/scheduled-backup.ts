/**
 * Benchmark of scheduled-backup against a loop that copies one object after the other, in memory; and a backup of up to ten million
 * generated objects, with the time, the memory and the events that it takes.
 */
import { performance } from 'node:perf_hooks';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';
import { atScale } from './scheduled-backup/at-scale';
import { copyFakeInBatches, copyFakeOneByOne } from './scheduled-backup/in-memory';

/** Answer time of the fake S3, in milliseconds. S3 takes longer, and the ratio is the same. */
const answerMilliseconds = 5;

void runBench(async ({ quick }) => {
  const growth = [];
  for (const objects of quick ? [40, 400] : [40, 400, 4_000]) {
    progress(`${objects} objects in memory`);
    const copying = { objects, milliseconds: answerMilliseconds };
    const [loop, ours] = [
      await seconds(() => copyFakeOneByOne(copying)),
      await seconds(() => copyFakeInBatches(copying)),
    ];
    growth.push([objects.toLocaleString('en'), ours, loop, ours / loop]);
  }
  return {
    body: paragraphs(
      'Objects copied in batches as the functions do it (an exact version, and each copy compared: three requests an ' +
        'object) against a loop that copies one object after the other and checks nothing. In memory, where each request ' +
        `takes ${answerMilliseconds} ms:`,
      table(['objects', 'ours, s', 'loop, s', 'ratio'], growth),
      await atScale(quick ? [10_000, 20_000] : [10_000, 100_000, 10_000_000]),
    ),
    versions: {},
  };
});

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
