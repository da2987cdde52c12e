/**
 * Benchmark of scheduled-backup against a loop that copies one object after the other, in memory; and the memory that assembling
 * a manifest takes, from 1,000 to 100,000 objects.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';
import { peakHeapOfAssembly } from './scheduled-backup/assembly-memory';
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
  const manifests = await assembly(quick);
  return {
    body: paragraphs(
      'Objects copied in batches as the functions do it (an exact version, and each copy compared: three requests an ' +
        'object) against a loop that copies one object after the other and checks nothing. In memory, where each request ' +
        `takes ${answerMilliseconds} ms:`,
      table(['objects', 'ours, s', 'loop, s', 'ratio'], growth),
      'Assembling the manifest, the one step that goes through all objects:',
      table(['objects', 's', 'largest heap, MB'], manifests),
    ),
    versions: {},
  };
});

async function assembly(quick: boolean): Promise<(string | number)[][]> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const rows = [];
  for (const objects of quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]) {
    progress(`manifest of ${objects} objects`);
    // Measured twice: garbage collection makes the memory exact, and takes longer than everything else.
    const took = await seconds(async () => void (await peakHeapOfAssembly(objects, () => undefined)));
    rows.push([objects.toLocaleString('en'), took, await peakHeapOfAssembly(objects, collectGarbage)]);
  }
  return rows;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
