import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { upload, waitForReport, type Upload } from './files';
import { csv, product, readProducts, type Product } from './rows';

/** Files of the same products, and what the table must have once all are processed. */
export class RacingFiles {
  readonly uploads: Upload[] = [];
  readonly #newest = new Map<string, Product>();

  constructor(
    private readonly run: ScenarioRun,
    private readonly deployment: Deployment,
    readonly rowsOfEach: number,
  ) {}

  get expected(): Product[] {
    return [...this.#newest.values()];
  }

  /**
   * Uploads another file: versions of rows go up and down at random, also within a file, and the first two files are two versions of
   * one key. S3 keeps the time of an upload to the second, so each has a second of its own by its rows' versions.
   */
  async upload(): Promise<void> {
    const { run, deployment, rowsOfEach } = this;
    const file = this.uploads.length;
    const products = Array.from({ length: rowsOfEach }, (_, row) => {
      // A version that no other row has, so that the outcome does not depend on the second of an upload.
      const version = Math.floor(run.random() * 1_000_000) * 1_000 + file * 100 + (row % 100);
      const index = row % Math.ceil(rowsOfEach * 0.9);
      const updatedAt = new Date(Date.UTC(2026, 0, 1) + version).toISOString();
      return product(run, index, { name: `file ${file} row ${row}`, updatedAt });
    });
    for (const one of products) {
      const before = this.#newest.get(one.sku);
      if (before === undefined || before.updatedAt < one.updatedAt) this.#newest.set(one.sku, one);
    }
    this.uploads.push(await upload(run, deployment, `racing-${Math.max(0, file - 1)}.csv`, csv(products)));
  }
}

/** Waits for all reports and asserts that counts add up, and that the table has the newest state of each product. */
export async function assertNewest(
  run: ScenarioRun,
  deployment: Deployment,
  { uploads, rowsOfEach, expected }: Pick<RacingFiles, 'uploads' | 'rowsOfEach' | 'expected'>,
): Promise<void> {
  for (const one of uploads) {
    const report = await waitForReport(run, deployment, one, { withinSeconds: 600 });
    run.assertEqual(report.status, 'loaded', `${one.key.split('/').at(-1) ?? ''} is loaded`);
    const { loaded, unchanged, older, rejected } = report;
    run.assertEqual(loaded + unchanged + older + rejected, rowsOfEach, 'its rows add up');
  }
  const stored = await run.step('read the rows', () =>
    readProducts(
      run,
      deployment,
      expected.map(({ sku }) => sku),
    ),
  );
  const wrong = expected.filter((one, index) => JSON.stringify(one) !== JSON.stringify(stored[index]));
  run.assertEqual(wrong.length, 0, `of ${expected.length} products those that are not in their newest state`);
}
