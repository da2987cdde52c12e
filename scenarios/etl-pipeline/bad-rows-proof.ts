import type { Check } from '../shared/scenario';
import { readDeployment } from './deployment';
import { readRejected, upload, waitForReport } from './files';
import { csvLine, header, product, readProducts, type Product } from './rows';

const count = 3_000;
/** One of fifty rows is bad, each in the next way. */
const badEvery = 50;

/** Ways in which a line can be bad, with the reasons that the rejected row must have. */
export const ways: readonly (readonly [spoil: (one: Product) => string, ...reasons: string[]])[] = [
  [(one) => csvLine({ ...one, sku: 'lower case' }), 'sku: use the pattern of the column'],
  [(one) => csvLine({ ...one, sku: '' }), 'sku: a value is required'],
  [(one) => csvLine({ ...one, price: '1e3' }), 'price: use a decimal number of up to 38 digits'],
  [(one) => csvLine({ ...one, price: '-0.01' }), 'price: use at least 0'],
  [(one) => csvLine({ ...one, stock: '1.5' }), 'stock: use a whole number of up to 38 digits'],
  [(one) => csvLine({ ...one, currency: 'BTC' }), 'currency: use one of the permitted values'],
  [(one) => csvLine(one).replace('2026-01-31', '2026-02-30'), 'availableFrom: use a date as YYYY-MM-DD'],
  [
    (one) => csvLine({ ...one, updatedAt: '2026-11-26T10:00:00' }),
    'updatedAt: use a time with an offset, to the millisecond at most',
  ],
  [(one) => csvLine(one).replace(',no,', ',perhaps,'), 'discontinued: use true or false'],
  [(one) => `${csvLine(one)},more`, 'row: expected 8 fields, found 9'],
  [(one) => one.sku, 'row: expected 8 fields, found 1'],
  [(one) => csvLine(one).replace('Product', '5" Product'), 'row: quotes are not as RFC 4180 has them'],
  [(one) => csvLine({ ...one, name: 'nul\0' }), 'name: use no control characters'],
  [(one) => csvLine({ ...one, name: 'x'.repeat(501) }), 'name: use at most 500 characters'],
  [
    (one) => csvLine({ ...one, name: '', price: 'free' }),
    'name: a value is required',
    'price: use a decimal number of up to 38 digits',
  ],
];

export const badRowsProof: Check = {
  name: 'bad-rows',
  title: 'of a file with two percent of bad rows the others are loaded, and each bad one has its line and reasons',
  async run(run) {
    const deployment = readDeployment(run);
    const products = Array.from({ length: count }, (_, index) => product(run, index));
    const expected: { line: number; raw: string; reasons: readonly string[] }[] = [];
    const lines = products.map((one, index) => {
      if (index % badEvery !== badEvery - 1) return csvLine(one);
      const [spoil, ...reasons] = ways[expected.length % ways.length] ?? [csvLine];
      expected.push({ line: index + 2, raw: spoil(one), reasons });
      return spoil(one);
    });
    const file = await run.step(`upload ${count} rows`, () =>
      upload(run, deployment, 'bad-rows.csv', [header, ...lines].join('\n')),
    );
    const report = await run.step('wait for its report', () => waitForReport(run, deployment, file));
    const good = products.filter((_, index) => index % badEvery !== badEvery - 1);
    const { rows, loaded, unchanged, older, rejected } = report;
    run.assertEqual(
      { rows, loaded, unchanged, older, rejected },
      { rows: count, loaded: good.length, unchanged: 0, older: 0, rejected: expected.length },
      'the counts are exact',
    );
    run.metric('rows a second, from upload to report', Math.round(count / Math.max(1, report.seconds)));
    run.assertEqual(
      await readRejected(deployment, file),
      expected,
      'every bad row has its line, its text and its reasons',
    );
    const skus = products.map(({ sku }) => sku);
    const stored = (await run.step('read the rows', () => readProducts(run, deployment, skus))).filter(
      (one) => one !== undefined,
    );
    run.assertEqual(stored, good, 'every good row is in the table, and no bad one');
  },
};
