import { parquetReadObjects } from 'hyparquet';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { watchedIndexName, workKeys } from '../../../lambda/etl-pipeline/file';
import type { Report } from '../../../lambda/etl-pipeline/report';
import type { Run } from '../../../lambda/etl-pipeline/step-input';
import { products } from './products';

const files = [
  'claim-file',
  'inspect-file',
  'split-file',
  'transform-chunk',
  'decide-file',
  'load-chunk',
  'report-file',
  'watch-files',
];

type State = Run & { readonly decision: string };

/** All functions of the stack on services in memory, called in the order of the state machine. */
export class Pipeline {
  readonly s3 = new FakeS3({ incoming: 'Enabled', work: 'Off', curated: 'Enabled' });
  readonly dynamodb = new FakeDynamoDB({
    rows: { partitionKey: 'id' },
    files: { partitionKey: 'fileId', indexes: { [watchedIndexName]: { partitionKey: 'watch', sortKey: 'since' } } },
  });
  #handlers = new Map<string, LoadedHandler<never>>();
  #events = 0;

  async open(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const environment = {
      ...(await this.s3.listen()),
      ...(await this.dynamodb.listen()),
      WORK_BUCKET_NAME: 'work',
      CURATED_BUCKET_NAME: 'curated',
      FILES_TABLE_NAME: 'files',
      ROWS_TABLE_NAME: 'rows',
      ROWS_AT_ONCE: '4',
      CHUNK_BYTES: '250',
      MAXIMUM_FILE_BYTES: '100000000',
      MAXIMUM_RECORD_BYTES: '10000',
      ...more,
    };
    this.#handlers = new Map(files.map((file) => [file, loadHandler(`etl-pipeline/${file}`, environment)]));
  }

  async close(): Promise<void> {
    await Promise.all([this.s3.close(), this.dynamodb.close()]);
  }

  /** Empties all services, so that one pipeline serves all tests: loading the functions takes seconds. */
  clear(): void {
    this.s3.before = () => undefined;
    this.dynamodb.before = () => undefined;
    for (const name of ['incoming', 'work', 'curated']) {
      const bucket = this.s3.bucket(name);
      for (const { key, versionId } of bucket.all) bucket.deleteVersion(key, versionId);
    }
    for (const name of ['rows', 'files']) {
      const table = this.dynamodb.table(name);
      for (const item of table.items) table.remove(Object.fromEntries(table.key.map((one) => [one, item[one]!])));
    }
  }

  step<T>(file: string, input: unknown): Promise<T> {
    return this.#handlers.get(file)!(input);
  }

  upload(body: string | Buffer, key = 'incoming/products/a.csv'): string {
    return this.s3.put('incoming', key, body);
  }

  claim(
    versionId: string,
    { execution = 'arn:one', key = 'incoming/products/a.csv', replaces = undefined as string | undefined } = {},
  ): Promise<State> {
    const object = { key, 'version-id': versionId, sequencer: String(++this.#events).padStart(4, '0') };
    const event = { detail: { bucket: { name: 'incoming' }, object }, ...(replaces === undefined ? {} : { replaces }) };
    return this.step('claim-file', {
      event,
      datasets: [products],
      execution: { id: execution, startedAt: '2026-11-26T10:00:00Z' },
    });
  }

  /** Runs a claimed file to its report, as the state machine does. */
  async run(state: State): Promise<Report> {
    let at = state;
    if (at.decision === 'inspect') at = await this.step('inspect-file', at);
    while (at.decision === 'split') at = await this.step('split-file', at);
    if (at.decision === 'transform') {
      await this.map('transform-chunk', at, 'chunks');
      at = await this.step('decide-file', at);
    } else if (at.decision === 'decide') at = await this.step('decide-file', at);
    if (at.decision === 'load') await this.map('load-chunk', at, 'staged');
    await this.step('report-file', at);
    return this.report(state);
  }

  async map(file: string, { file: claimed, format }: State, folder: 'chunks' | 'staged'): Promise<void> {
    for (const chunk of this.s3.keys('work', workKeys(claimed)[folder])) {
      while (!(await this.step<{ finished: boolean }>(file, { file: claimed, format, chunk })).finished);
    }
  }

  report({ file }: State): Report {
    return JSON.parse(this.s3.text('curated', `reports/products/${file.fileId}.json`) ?? '{}') as Report;
  }

  rejected({ file }: State): { line: number; raw: string; reasons: string[] }[] {
    return this.s3
      .keys('curated', `rejected/products/${file.fileId}/`)
      .flatMap((key) => this.s3.text('curated', key)!.trim().split('\n'))
      .map((line) => JSON.parse(line) as { line: number; raw: string; reasons: string[] });
  }

  /** Rows of a file's Parquet files. */
  async curated({ file }: State): Promise<{ sku: string }[]> {
    const keys = this.s3.keys('curated', 'curated/products/day=').filter((key) => key.includes(file.fileId));
    const bodies = keys.map((key) => Uint8Array.from(this.s3.object('curated', key)!.body).buffer);
    return (await Promise.all(bodies.map((body) => parquetReadObjects({ file: body })))).flat() as { sku: string }[];
  }

  names(): string[] {
    return this.dynamodb
      .table('rows')
      .items.map((item) => item['values']?.M?.['name']?.S ?? '')
      .sort();
  }
}
