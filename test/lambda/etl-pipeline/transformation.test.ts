import fc from 'fast-check';
import { countRows, transform } from '../../../lambda/etl-pipeline/transformation';
import { datasetOf, header, products } from './products';

const format = { compression: 'none', encoding: 'utf-8', header } as const;
const good = 'A-1,Lamp,12.50,EUR,3,no,2026-01-31,2026-11-26T10:00:00Z';
const values = ['A-1', 'Lamp', '12.5', 'EUR', '3', false, '2026-01-31', '2026-11-26T10:00:00.000Z'];

it('a good row is staged by the columns of the dataset, a bad one rejected with every reason', () => {
  const bad = 'a 1,,free,XXX,-1,perhaps,31.01.2026,yesterday';
  const { staged, rejected } = transform(
    [
      { line: 2, raw: good },
      { line: 3, raw: bad },
    ],
    products,
    format,
  );
  expect(staged).toEqual([{ line: 2, values }]);
  expect(rejected).toEqual([
    {
      line: 3,
      raw: bad,
      reasons: [
        'sku: use the pattern of the column',
        'name: a value is required',
        'price: use a decimal number of up to 38 digits',
        'currency: use one of the permitted values',
        'stock: use at least 0',
        'discontinued: use true or false',
        'availableFrom: use a date as YYYY-MM-DD',
        'updatedAt: use a time with an offset, to the millisecond at most',
      ],
    },
  ]);
});

it('columns are found by their names in the header, wherever they are', () => {
  const swapped = [...header].reverse();
  const row = { line: 2, raw: good.split(',').reverse().join(',') };
  expect(transform([row], products, { ...format, header: ['extra', ...swapped] }).rejected).toHaveLength(1);
  const extra = { ...row, raw: `x,${row.raw}` };
  expect(transform([extra], products, { ...format, header: ['extra', ...swapped] }).staged).toEqual([
    { line: 2, values },
  ]);
});

it('a record that was too long is rejected, and does not disturb its neighbors', () => {
  const records = [
    { line: 2, raw: good },
    { line: 3, raw: '"x,', tooLongBytes: 9_000_000 },
    { line: 4, raw: good },
  ];
  const { staged, rejected } = transform(records, products, format);
  expect(staged.map(({ line }) => line)).toEqual([2, 4]);
  expect(rejected).toEqual([{ line: 3, raw: '"x,', reasons: ['row: longer than a record may be'] }]);
});

it('every record is staged or rejected, once, and the counts say so', () => {
  const raw = fc.oneof(
    fc.constant(good),
    fc.string(),
    fc.string().map((text) => `${text},${good.slice(4)}`),
  );
  fc.assert(
    fc.property(fc.array(raw), (raws) => {
      const records = raws.map((one, index) => ({ line: index + 2, raw: one.replaceAll('\n', '') }));
      const transformation = transform(records, products, format);
      const lines = [...transformation.staged, ...transformation.rejected].map(({ line }) => line);
      expect(lines.sort((one, other) => one - other)).toEqual(records.map(({ line }) => line));
      const counts = countRows(7, transformation);
      expect(counts.staged + counts.rejected).toBe(records.length);
      const reasons = transformation.rejected.reduce((sum, row) => sum + row.reasons.length, 0);
      expect(Object.values(counts.reasons).reduce((sum, count) => sum + count, 0)).toBe(reasons);
    }),
  );
});

it('rows too large for an item, and keys too long for a key, are rejected', () => {
  const large = datasetOf({
    columns: [
      { name: 'id', type: 'text', required: true, maximumLength: 100_000 },
      ...Array.from({ length: 4 }, (_, index) => ({ name: `t${index}`, type: 'text', maximumLength: 100_000 })),
    ],
    primaryKey: ['id'],
  });
  const names = large.columns.map(({ name }) => name);
  const row = (texts: readonly string[]) => [{ line: 2, raw: texts.join(',') }];
  const text = 'x'.repeat(100_000);
  const reasons = (texts: readonly string[]) =>
    transform(row(texts), large, { ...format, header: names }).rejected.flatMap((one) => one.reasons);
  expect(reasons(['1', text, text, text, text])).toEqual(['row: use at most 350000 bytes']);
  expect(reasons([text, '', '', '', ''])).toEqual(['row: use a key of at most 2000 bytes']);
});

it('JSON Lines have no header', () => {
  const jsonl = datasetOf({
    format: 'jsonl',
    columns: [
      { name: 'id', type: 'text', required: true },
      { name: 'price', type: 'decimal' },
    ],
    primaryKey: ['id'],
  });
  const records = [
    { line: 1, raw: '{"id":"a","price":12345678901234567890.12,"more":[]}'.replace(',"more":[]', '') },
    { line: 2, raw: '{"id":' },
  ];
  const { staged, rejected } = transform(records, jsonl, { compression: 'none', encoding: 'utf-8' });
  expect(staged).toEqual([{ line: 1, values: ['a', '12345678901234567890.12'] }]);
  expect(rejected.map(({ line }) => line)).toEqual([2]);
});
