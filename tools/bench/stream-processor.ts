/**
 * AggregateReadings against a handler that processes one record at a time behind an idempotency library, by batch size, batches
 * at once and shards, with services that answer after some milliseconds.
 */
import { join } from 'node:path';
import { forkedSamples } from './measuring/forked-samples';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';
import { dollarsOfMillion } from './stream-processor/costs';
import type { Sample, Work } from './stream-processor/shards';

const root = join(__dirname, '..', '..');
const library = '@aws-lambda-powertools/idempotency';
const milliseconds = 5;
const batchSizes = [1, 10, 100, 1_000];
const parallelizations = [1, 10];
const shardCounts = [1, 2, 4, 8];

void runBench(async ({ quick }) => {
  const rounds = quick ? 1 : 3;
  const works = [...batchSizes.flatMap((batchSize) => worksOf(batchSize, quick)), ...shardCounts.map(shardsOf)];
  const samples = await forkedSamples<Sample>(join(__dirname, 'stream-processor', 'measure.ts'), {
    arguments: [JSON.stringify([rounds, works])],
    env: { ...process.env, NODE_OPTIONS: '--import tsx', POWERTOOLS_SERVICE_NAME: 'stream-processor' },
    onSample: (count) => progress(`${count} of ${rounds * works.length}`),
  });
  const of = (wanted: Work, figure: (sample: Sample) => number): number =>
    medianOf(
      samples.filter((sample) => keyOf(sample) === keyOf(wanted)),
      figure,
    );
  return {
    body: paragraphs(
      `AggregateReadings, its archive included, against a handler that processes records one after the other with \`${library}\`, and ` +
        'keeps count and sum only, without an archive. Readings of 500 devices within a minute, in one process; DynamoDB and S3 ' +
        `answer after ${milliseconds} ms. Each run asserts that every reading is in its window once. Medians of ${rounds} rounds. Dollars are ` +
        "those of a million records by list prices of us-east-1: table units, requests to S3, invocations and their time, without the stream's.",
      table(
        ['batch size', 'batches at once', 'ours, records/s', 'library', 'ratio', 'dollars, ours', 'library'],
        batchSizes.flatMap((batchSize) => rowsOf(worksOf(batchSize, quick), batchSize, of)),
      ),
      'With ten batches at once, one process of this benchmark does what ten environments of Lambda would: processor time limits it. ' +
        'Shards, with batches of 100 and one at once, in that process too:',
      table(
        ['shards', 'ours, records/s', 'to one shard'],
        shardCounts.map((shards) => {
          const [pace, first] = [
            of(shardsOf(shards), ({ perSecond }) => perSecond),
            of(shardsOf(1), ({ perSecond }) => perSecond),
          ];
          return [String(shards), Math.round(pace), pace / first];
        }),
      ),
    ),
    versions: { [library]: versionOf(root, library) },
  };
});

/** Both contestants with one batch and with several batches at once. */
function worksOf(batchSize: number, quick: boolean): Work[] {
  return parallelizations.flatMap((parallelization) =>
    (['ours', 'library'] as const).map((who) => {
      const few = (quick ? 50 : 300) * parallelization;
      // The library's pace is that of one record after the other.
      const records = who === 'ours' ? Math.max(few, 2 * batchSize * parallelization) : few;
      return { who, shards: 1, records, batchSize, parallelization, milliseconds };
    }),
  );
}

function shardsOf(shards: number): Work {
  return { who: 'ours', shards, records: 2_000, batchSize: 100, parallelization: 1, milliseconds };
}

function keyOf({ who, shards, records, batchSize, parallelization }: Work): string {
  return [who, shards, records, batchSize, parallelization].join(' ');
}

function rowsOf(
  works: readonly Work[],
  batchSize: number,
  of: (wanted: Work, figure: (sample: Sample) => number) => number,
): (string | number)[][] {
  return parallelizations.map((parallelization) => {
    const [ours, peer] = works.filter((work) => work.parallelization === parallelization);
    if (ours === undefined || peer === undefined) throw new Error('both contestants are measured');
    const paces = [ours, peer].map((work) => of(work, ({ perSecond }) => perSecond));
    const [pace = 0, peerPace = 0] = paces;
    const dollars = [ours, peer].map((work) => of(work, dollarsOfMillion));
    return [batchSize.toLocaleString('en'), parallelization, ...paces.map(Math.round), pace / peerPace, ...dollars];
  });
}
