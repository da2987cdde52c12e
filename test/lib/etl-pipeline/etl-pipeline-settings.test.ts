import { loadSettings } from '../../../lib/config';
import { etlPipelineSettings } from '../../../lib/etl-pipeline/etl-pipeline-settings';

const load = (settings: unknown) => loadSettings({ 'etl-pipeline': settings }, 'etl-pipeline', etlPipelineSettings);
const id = { name: 'id', type: 'text', required: true };
const dataset = { name: 'things', prefix: 'things/', columns: [id], primaryKey: ['id'] };
const extract = { dataset: 'things', url: 'https://api.example.com/things', paging: { style: 'cursor' } };
const jsonLines = { datasets: [{ ...dataset, format: 'jsonl' }] };
const withColumn = (column: object) => ({ datasets: [{ ...dataset, columns: [id, { name: 'c', ...column }] }] });

it('a dataset gets its defaults', () => {
  expect(load({ datasets: [dataset] }).datasets).toMatchObject([
    { format: 'csv', encoding: 'auto', delimiter: ',', maximumRejectPercent: 5, columns: [{ trim: true }] },
  ]);
});

it('an extract gets its defaults', () => {
  expect(load({ ...jsonLines, extract }).extract).toEqual({
    ...extract,
    paging: { style: 'cursor', parameter: 'cursor', items: 'items', next: 'next', expiredStatus: 410 },
    requestsPerSecond: 2,
    everyHours: 24,
  });
});

it.each([
  [{ datasets: [] }, 'etl-pipeline.datasets'],
  [{ datasets: [{ ...dataset, name: 'Things' }] }, 'use lower case, digits and -'],
  [{ datasets: [{ ...dataset, prefix: '/things' }] }, "use folders that end in '/'"],
  [{ datasets: [dataset, dataset] }, "use another name and another prefix: 'things' and 'things/' are there already"],
  [{ datasets: [{ ...dataset, primaryKey: ['other'] }] }, "primaryKey: 'other' must be a required column"],
  [{ datasets: [{ ...dataset, columns: [{ ...id, required: false }] }] }, "primaryKey: 'id' must be a required column"],
  [{ datasets: [{ ...dataset, versionColumn: 'id' }] }, 'must be a column of type integer, date or instant'],
  [{ datasets: [{ ...dataset, columns: [id, id] }] }, 'columns: use each name once'],
  [{ datasets: [{ ...dataset, columns: [id, { ...id, name: 'ID', source: 'x' }] }] }, 'columns: use each name once'],
  [{ datasets: [{ ...dataset, columns: [id, { ...id, name: 'Line' }] }] }, "column 'Line': curated rows have one"],
  [withColumn({ type: 'text', source: 'id' }), 'columns: use each source once'],
  [withColumn({ type: 'money' }), 'datasets.0.columns.1.type: received "money"'],
  [withColumn({ type: 'text', pattern: '(' }), "column 'c': pattern: '(' is no regular expression"],
  [withColumn({ type: 'decimal', minimum: 'low' }), "'low' is no limit of type decimal"],
  [withColumn({ type: 'date', minimum: '1.1.2026' }), "'1.1.2026' is no limit of type date, in its canonical form"],
  [withColumn({ type: 'integer', default: 'none' }), 'default: use a whole number of up to 38 digits'],
  [withColumn({ type: 'decimal', groupSeparator: '.' }), 'use different separators for decimals and groups'],
  [withColumn({ type: 'text', typo: 1 }), "unknown key 'typo'"],
  [
    { extract: { ...extract, dataset: 'products' } },
    `use the name of a dataset with "format": "jsonl": 'products' is none`,
  ],
  [{ ...jsonLines, extract: { ...extract, url: 'http://api' } }, 'use a URL that begins with https://'],
  [{ ...jsonLines, extract: { ...extract, paging: { style: 'link' } } }, 'extract.paging'],
  [{ ...jsonLines, extract: { ...extract, everyHours: 25 } }, 'use at most 24'],
  [{ chunkKilobytes: 0 }, 'etl-pipeline.chunkKilobytes: received 0: use at least 1'],
  [{ maximumFileGigabytes: 51 }, 'use at most 50'],
  [{ timeoutHours: 49, workDays: 2 }, 'use at least 3 days, so that no chunk of a file under way expires'],
])('%j stops synth', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});

it('prefixes that are longer than the pattern of a rule stop synth', () => {
  const named = (length: number) =>
    Array.from({ length: 20 }, (_, index) => ({
      ...dataset,
      name: `d${index}`,
      prefix: `${String(index).padStart(length - 1, 'x')}/`,
    }));
  expect(() => load({ datasets: named(60) })).not.toThrow();
  expect(() => load({ datasets: named(80) })).toThrow('use shorter prefixes: at most 1800 characters in the rule');
});

it('datasets larger than a state can carry stop synth', () => {
  const columns = Array.from({ length: 200 }, (_, index) => ({
    ...id,
    name: index === 0 ? 'id' : `c${index}`,
    source: `s${index}`,
  }));
  const datasets = [0, 1, 2].map((index) => ({ ...dataset, name: `d${index}`, prefix: `d${index}/`, columns }));
  expect(() => load({ datasets })).toThrow('use at most 50000 bytes');
});
