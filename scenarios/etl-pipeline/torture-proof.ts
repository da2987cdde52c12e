import iconv from 'text-encodings';
import pMap from 'p-map';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment } from './deployment';
import { upload, waitForReport } from './files';
import { csv, csvLine, header, product, readProducts } from './rows';

/** File, and the end that it must have: counts of a loaded one, or a part of the reason. */
interface Hostile {
  readonly name: string;
  readonly body: string | Buffer;
  readonly end: { readonly loaded: number; readonly rejected: number } | string;
}

function hostileFiles(run: ScenarioRun): Hostile[] {
  const one = (index: number, more = {}) => product(run, index, more);
  const text = csv([one(900)]);
  const plain = (index: number) => csvLine(one(index));
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const every256 = Buffer.concat([Buffer.from(`${header}\n${plain(901)}\n`), bytes, Buffer.from('\n')]);
  const random = Buffer.from(Array.from({ length: 5_000 }, (_, index) => `${index}${run.random()}`).join('\n'));
  return [
    { name: 'quotes.csv', body: csv([one(1, { name: 'a "b", c' })]), end: { loaded: 1, rejected: 0 } },
    { name: 'lines.csv', body: csv([one(2, { name: 'two\r\nlines' })], '\r\n'), end: { loaded: 1, rejected: 0 } },
    { name: 'formula.csv', body: csv([one(3, { name: "=cmd|' /C calc'!A0" })]), end: { loaded: 1, rejected: 0 } },
    {
      name: 'utf-16.csv',
      body: iconv.encode(csv([one(4, { name: 'Grüße 😀' })]), 'utf-16le', { addBOM: true }),
      end: { loaded: 1, rejected: 0 },
    },
    { name: 'gzip.csv', body: gzipSync(csv([one(5)])), end: { loaded: 1, rejected: 0 } },
    { name: 'zstd.csv', body: zstdCompressSync(csv([one(6)])), end: { loaded: 1, rejected: 0 } },
    {
      name: 'twice.csv',
      body: csv([one(7, { name: 'first' }), one(7, { name: 'second' })]),
      end: { loaded: 2, rejected: 0 },
    },
    { name: 'header-only.csv', body: `${header}\n`, end: { loaded: 0, rejected: 0 } },
    { name: 'empty.csv', body: '', end: 'it is empty' },
    { name: 'ragged.csv', body: `${header}\na,b\n${plain(10)}\n`, end: '1 of 2 rows are rejected' },
    {
      name: 'latin.csv',
      body: iconv.encode(csv([one(11, { name: 'Grüße' })]), 'windows-1252'),
      end: '1 of 1 rows are rejected',
    },
    { name: 'bytes.csv', body: every256, end: '2 of 3 rows are rejected' },
    { name: 'columns.csv', body: `${header}${',x'.repeat(10_000)}\n`, end: 'fields: use at most 1000' },
    { name: 'field.csv', body: gzipSync(`${header}\n"${'x'.repeat(10_000_000)}",y\n`), end: 'is not closed within' },
    { name: 'bomb.csv', body: gzipSync(Buffer.alloc(150_000_000, `${header}\n`)), end: 'times as large as the file' },
    {
      name: 'cut.csv.gz',
      body: gzipSync(`${header}\n${random.toString()}`).subarray(0, 9_000),
      end: 'damaged or cut off',
    },
    {
      name: 'cut.csv.zst',
      body: zstdCompressSync(Buffer.from(`${header}\n${text}${random.toString()}`)).subarray(0, 9_000),
      end: 'damaged or cut off',
    },
    { name: 'picture.csv', body: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), end: 'its header has' },
    { name: 'a b+c%20ü.csv', body: csv([one(20)]), end: { loaded: 1, rejected: 0 } },
  ];
}

export const tortureProof: Check = {
  name: 'torture',
  title: 'hostile files are loaded as they are, or refused with a reason, and none fails',
  async run(run) {
    const deployment = readDeployment(run);
    const files = hostileFiles(run);
    const uploads = await run.step(`upload ${files.length} files`, () =>
      pMap(files, ({ name, body }) => upload(run, deployment, name, body), { concurrency: 4 }),
    );
    for (const [index, { name, end }] of files.entries()) {
      const file = uploads[index];
      if (file === undefined) continue;
      const { status, reason = '', loaded, older, rejected } = await waitForReport(run, deployment, file);
      if (typeof end === 'string') {
        run.assert(
          status === 'quarantined' && reason.includes(end),
          `${name} is refused: ${end}`,
          `${status}: ${reason}`,
        );
      } else {
        // Of a key twice in a file, either line may be written first.
        run.assertEqual(
          { status, loaded: loaded + older, rejected },
          { status: 'loaded', ...end },
          `${name} is loaded`,
        );
      }
    }
    const expected = { 2: 'two\r\nlines', 3: "=cmd|' /C calc'!A0", 4: 'Grüße 😀', 7: 'second' };
    const skus = Object.keys(expected).map((index) => product(run, Number(index)).sku);
    const others = [1, 5, 6, 20].map((index) => product(run, index).sku);
    const stored = await readProducts(run, deployment, [...skus, ...others]);
    const names = stored.slice(0, skus.length).map((one) => one?.name);
    run.assertEqual(names, Object.values(expected), 'texts are stored as they were written');
  },
};
