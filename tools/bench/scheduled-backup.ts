/**
 * The backup of scheduled-backup against the loop that people start with, in memory and, where a stack is up, on its buckets;
 * and the memory of what reads a manifest's records, from 1,000 to 100,000 objects.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';
import { deployed } from './scheduled-backup/deployed';
import { heapOfGathering } from './scheduled-backup/gathering-memory';
import { copyInBatches, copyOneByOne } from './scheduled-backup/growth';
import { againstTheLoop, seconds, type Walk } from './scheduled-backup/on-a-stack';

/** Milliseconds that the store in memory takes to answer: S3 takes longer, and the ratio is the same. */
const answer = 5;

const notUp =
  'On buckets it is not measured: no stack was up (`npm run local -- scheduled-backup --keep`, then `source .local/env`).';

void runBench(async ({ quick }) => {
  const growth = [];
  for (const objects of quick ? [40, 400] : [40, 400, 4_000]) {
    progress(`${objects} objects in memory`);
    const copying = { objects, milliseconds: answer };
    const [loop, ours] = [await seconds(() => copyOneByOne(copying)), await seconds(() => copyInBatches(copying))];
    growth.push([objects.toLocaleString('en'), ours, loop, ours / loop]);
  }
  const manifests = await gathering(quick);
  const target = deployed();
  if (target !== undefined) progress('on the stack that is up');
  const walks = target === undefined ? undefined : await againstTheLoop(target, quick ? 20 : 500);
  return {
    body: paragraphs(
      'Objects copied in batches as the functions do it (each version pinned and its copy compared: three requests an ' +
        'object) against a loop of one copy after the other that checks nothing. In memory, where each request is answered ' +
        `after ${answer} ms:`,
      table(['objects', 'ours, s', 'loop, s', 'ratio'], growth),
      'What putting the manifest together takes, the one step that goes through all objects:',
      table(['objects', 's', 'MB held at the most'], manifests),
      walks === undefined ? notUp : onStack(walks),
    ),
    versions: {},
  };
});

async function gathering(quick: boolean): Promise<(string | number)[][]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const rows = [];
  for (const objects of quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]) {
    progress(`manifest of ${objects} objects`);
    // Collecting garbage is what makes the memory exact, and takes longer than all the rest.
    const took = await seconds(async () => void (await heapOfGathering(objects, () => undefined)));
    rows.push([objects.toLocaleString('en'), took, await heapOfGathering(objects, collect)]);
  }
  return rows;
}

function onStack(walks: readonly Walk[]): string {
  return paragraphs(
    'On the buckets of the stack that was up, objects of 4 KiB, with the whole state machine. The emulator answers within ' +
      'milliseconds, one request after the other, and hands out single items instead of batches: near to it there is ' +
      'nothing to win by working side by side.',
    table(
      ['way', 'objects', 's', 'objects/s', 'against the loop'],
      walks.map(({ way, objects, seconds, ratio }) => [way, objects, seconds, objects / seconds, ratio]),
    ),
  );
}
