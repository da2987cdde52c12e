import { setTimeout as sleep } from 'node:timers/promises';
import { totalLoads, totalTransformations, type LoadCounts } from '../../../lambda/etl-pipeline/accounting';
import { loadRow } from '../../../lambda/etl-pipeline/adapters/dynamodb-rows';
import { toJsonLines } from '../../../lambda/etl-pipeline/adapters/s3-store';
import { toParquet } from '../../../lambda/etl-pipeline/curated';
import type { EtlFile, Format } from '../../../lambda/etl-pipeline/file';
import { countVerdicts, loadRows } from '../../../lambda/etl-pipeline/load';
import type { RawRecord } from '../../../lambda/etl-pipeline/record-scanner';
import { loadableRow } from '../../../lambda/etl-pipeline/row-order';
import { beginning, split } from '../../../lambda/etl-pipeline/split';
import { countRows, transform, type TransformationCounts } from '../../../lambda/etl-pipeline/transformation';
import { etlPipelineSettings } from '../../../lib/etl-pipeline/etl-pipeline-settings';
import { header } from '../../../scenarios/etl-pipeline/rows';
import { generatedFile, isExpected } from './generated-file';

const settings = etlPipelineSettings.parse({});
const [dataset] = settings.datasets;
if (dataset === undefined) throw new Error('the settings have no dataset');

const file: EtlFile = {
  fileId: 'bench',
  bucket: 'incoming',
  key: 'incoming/products/bench.csv',
  versionId: 'v',
  bytes: 0,
  order: '2026-11-27T00:00:00.000Z/0/bench',
  uploadedAt: '2026-11-27T00:00:00.000Z',
  generation: 1,
  dataset,
};
const format: Format = { compression: 'none', encoding: 'utf-8', header: header.split(',') };

export interface FileRun {
  readonly rows: number;
  /** Time of one answer of the fake services, in milliseconds. */
  readonly answer: number;
  /** Chunks that are transformed and loaded, rather than only split. */
  readonly load: boolean;
  /** @default that of the stack */
  readonly chunkKilobytes?: number;
  readonly afterChunk?: () => void;
}

export interface FileCounts {
  readonly parts: number;
  readonly rows: number;
  readonly rejected: number;
  readonly loaded: number;
  /** Of the file, without its header. */
  readonly megabytes: number;
}

/** Takes a generated file through the cores of the functions, one chunk after the other, and adds up its rows as the functions do. */
export async function runFile({ rows, answer, load, chunkKilobytes, afterChunk }: FileRun): Promise<FileCounts> {
  const store = async (): Promise<void> => (answer === 0 ? undefined : sleep(answer));
  const [transformations, loads]: [TransformationCounts[], LoadCounts[]] = [[], []];
  let bytes = 0;
  let lastLine = 0;
  const writeChunk = async (part: number, records: readonly RawRecord[]): Promise<void> => {
    for (const { raw } of records) bytes += Buffer.byteLength(raw) + 1;
    toJsonLines(records);
    await store();
    if (load) {
      const transformation = transform(records, dataset ?? file.dataset, format);
      for (const row of transformation.rejected) {
        // Lines ascend: with their exact count, each bad row is there once.
        if (row.line <= lastLine || !isExpected(row))
          throw new Error(`row of line ${row.line}: ${row.reasons.join('; ')}`);
        lastLine = row.line;
      }
      transformations.push(countRows(part, transformation));
      loads.push(await loadChunk(part, transformation.staged, store));
    }
    afterChunk?.();
  };
  const options = {
    delimiter: ',',
    hasHeader: true,
    maximumRecordBytes: settings.maximumRecordKilobytes * 1_024,
    chunkBytes: (chunkKilobytes ?? settings.chunkKilobytes) * 1_024,
  };
  const effects = { writeChunk, saveCheckpoint: store, hasTimeLeft: () => true };
  const done = await split(generatedFile(rows), beginning, options, effects);
  const megabytes = bytes / 1e6;
  if (!load) return { parts: done.parts, rows: done.rows, rejected: 0, loaded: 0, megabytes };
  const transformed = totalTransformations(done, transformations);
  const { loaded } = totalLoads(done, transformed, loads);
  return { parts: done.parts, rows: done.rows, rejected: transformed.rejected, loaded, megabytes };
}

type Staged = ReturnType<typeof transform>['staged'];

async function loadChunk(part: number, staged: Staged, answer: () => Promise<void>): Promise<LoadCounts> {
  const send = async (): Promise<object> => {
    await answer();
    return {};
  };
  const table = { client: { send }, tableName: 'rows', signal: new AbortController().signal } as Parameters<
    typeof loadRow
  >[0];
  const { verdicts } = await loadRows(staged, [], {
    loadRow: (row) => loadRow(table, file, loadableRow(file, row)),
    hasTimeLeft: () => true,
    mayClear: (_error): _error is Error => false,
    concurrency: settings.rowsAtOnce,
  });
  toParquet(file, staged);
  return countVerdicts(part, verdicts);
}
