/**
 * Benchmark of etl-pipeline: the cores that split and load a file against one function that reads the whole file and writes one row
 * after the other, with services that answer after 5 ms; and what larger files take, by formula.
 */
import { join } from 'node:path';
import { etlPipelineSettings } from '../../lib/etl-pipeline/etl-pipeline-settings';
import { dollarsOfChildPerRow, project, type Measured as Paces } from './etl-pipeline/projection';
import type { Sample } from './etl-pipeline/sample';
import { forkedSamples } from './measuring/forked-samples';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';

const answer = 5;
const script = join(__dirname, 'etl-pipeline', 'measure.ts');

void runBench(async ({ quick }) => {
  const sizes = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
  const [smallest = 0] = sizes;
  const samples = [];
  for (const rows of sizes) {
    progress(`${rows} rows`);
    samples.push({
      rows,
      split: await measure('split', rows, answer),
      load: await measure('load', rows, answer),
      // One row after the other takes as long as its rows are many: its time is measured at the smallest size, its memory at each.
      whole: await measure('whole file', rows, rows === smallest ? answer : 0),
      live: {
        split: await measure('split', rows, 0, '--expose-gc'),
        load: await measure('load', rows, 0, '--expose-gc'),
        whole: await measure('whole file', rows, 0, '--expose-gc'),
      },
    });
  }
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) throw new Error('no samples');
  requireFlat(samples.map(({ live }) => live.split));
  requireFlat(samples.map(({ live }) => live.load));
  const secondsOfRow = first.whole.seconds / first.rows;
  const paces = {
    bytesOfRow: (last.split.fileMegabytes * 1e6) / last.rows,
    splitRowsPerSecond: last.rows / last.split.seconds,
    loadRowsPerSecond: last.rows / last.load.seconds,
  };
  return {
    body: paragraphs(
      `Files of products in CSV, 2 % of the rows bad in fifteen ways, in one process each. Ours: the cores that split, and that transform ` +
        'and load, one chunk after the other; each run asserts that the counts are exact, and line and reasons of each bad row. The peer reads the whole ' +
        `file with \`csv-parse\`, checks nothing and writes one row after the other. A request is answered after ${answer} ms.`,
      table(
        ['rows', 'split, rows/s', 'load, rows/s', 'peer, rows/s', 'ratio of load'],
        samples.map(({ rows, split, load }) => [
          rows.toLocaleString('en'),
          Math.round(rows / split.seconds),
          Math.round(rows / load.seconds),
          Math.round(1 / secondsOfRow),
          rows / load.seconds / (1 / secondsOfRow),
        ]),
      ),
      `The peer's pace is that of ${smallest.toLocaleString('en')} rows. Memory in MB: most that is in use after a collection that is ` +
        'forced after each chunk, in runs of their own; and the largest of the process, which Node.js lets grow into what the ' +
        'machine has before it collects. TypeScript and libraries take most of the smallest file.',
      table(
        ['rows', 'in use: split', 'load', 'peer', 'process: split', 'load', 'peer'],
        samples.map(({ rows, split, load, whole, live }) => [
          rows.toLocaleString('en'),
          live.split.liveMegabytes,
          live.load.liveMegabytes,
          live.whole.liveMegabytes,
          split.megabytes,
          load.megabytes,
          whole.megabytes,
        ]),
      ),
      larger(paces),
    ),
    versions: {},
  };
});

/** @throws Error if more is kept of the largest file than of a smaller one that has several chunks */
function requireFlat(samples: readonly Sample[]): void {
  const [largest, smaller] = samples.toReversed();
  if (largest === undefined || smaller === undefined || smaller.parts < 2) return;
  const [most, before] = [largest.liveMegabytes, smaller.liveMegabytes];
  if (most <= before * 1.1) return;
  throw new Error(`memory of ${largest.who} is not flat: ${before.toFixed(1)}, then ${most.toFixed(1)} MB`);
}

async function measure(who: Sample['who'], rows: number, milliseconds: number, options = ''): Promise<Sample> {
  const [sample] = await forkedSamples<Sample>(script, {
    arguments: [who, String(rows), String(milliseconds)],
    env: { ...process.env, NODE_OPTIONS: `--import tsx ${options}` },
  });
  if (sample === undefined) throw new Error(`${who} sent no sample`);
  return sample;
}

/** Files of 1 to 10 GB by formula, from the paces of one function. */
function larger(paces: Paces): string {
  const { chunkKilobytes } = etlPipelineSettings.parse({});
  const plan = (gigabytes: number, concurrency: number) =>
    project({ rows: (gigabytes * 1e9) / paces.bytesOfRow, chunkBytes: chunkKilobytes * 1_024, concurrency }, paces);
  const million = project({ rows: 1e6, chunkBytes: chunkKilobytes * 1_024, concurrency: 4 }, paces);
  return paragraphs(
    `Larger files by formula, from the paces of the largest file above (${Math.round(paces.bytesOfRow)} bytes a row) and list prices:`,
    table(
      ['GB', 'chunks at once', 'million rows', 'chunks', 'split, s', 'hours', 'dollars'],
      [
        [1, 4],
        [10, 4],
        [10, 20],
      ].map(([gigabytes = 0, concurrency = 0]) => {
        const { parts, splitSeconds, hours, dollars } = plan(gigabytes, concurrency);
        const rows = (gigabytes * 1e3) / paces.bytesOfRow;
        return [String(gigabytes), concurrency, rows, parts, splitSeconds, hours, dollars];
      }),
    ),
    `A million new rows cost $${million.dollars.toFixed(2)} in chunks, and $${dollarsOfChildPerRow().toFixed(2)} with a child execution for each row.`,
  );
}
