import type { Check } from '../shared/scenario';
import { readDeployment } from './deployment';
import { curatedKeys, readRejected, upload, waitForReport } from './files';
import { listenToReports } from './messages';
import { csv, product, readProducts } from './rows';

const count = 500;

export const smokeTest: Check = {
  name: 'file-to-rows',
  title: 'an uploaded file becomes rows, and its one bad row is kept with its line and reasons',
  async run(run) {
    const deployment = readDeployment(run);
    const messageAbout = await listenToReports(run);
    const products = Array.from({ length: count }, (_, index) => product(run, index));
    products[1] = product(run, 1, { name: 'Quotes "and", two\nlines', price: '12345678901234567890.12' });
    const bad = product(run, count, { price: 'free', currency: 'XXX' });
    const file = await run.step('upload a file', () =>
      upload(run, deployment, 'products.csv', csv([...products, bad])),
    );
    const report = await run.step('wait for its report', () => waitForReport(run, deployment, file));
    run.assertEqual(report.status, 'loaded', 'the file is loaded');
    const { rows, loaded, unchanged, older, rejected } = report;
    const counts = { rows: count + 1, loaded: count, unchanged: 0, older: 0, rejected: 1 };
    run.assertEqual({ rows, loaded, unchanged, older, rejected }, counts, 'the counts of the report');
    run.metric('event to report', report.seconds, 's');

    const stored = await run.step('read the rows', () =>
      readProducts(
        run,
        deployment,
        products.map(({ sku }) => sku),
      ),
    );
    run.assertEqual(stored, products, 'every product is in the table, the price with all of its digits');
    const curated = await curatedKeys(deployment.s3, deployment.curatedBucket, file.fileId);
    run.assert(curated.length > 0, 'the loaded rows are there as Parquet', 'no object under curated/');
    const rejectedRows = await readRejected(deployment, file);
    const reasons = ['price: use a decimal number of up to 38 digits', 'currency: use one of the permitted values'];
    const found = rejectedRows.map(({ line, reasons: why }) => ({ line, why }));
    // The header is line 1, and one name has two lines.
    run.assertEqual(found, [{ line: count + 3, why: reasons }], 'the bad row has its line and its reasons');
    const message = await messageAbout(file.key);
    run.assert(message.includes(`${count} loaded`), 'the message to the team has the counts', message);
  },
};
