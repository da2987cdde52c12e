import { parquetReadObjects } from 'hyparquet';
import { toParquet } from '../../../lambda/etl-pipeline/curated';
import { products } from './products';

const rows = [
  {
    line: 2,
    values: ['A-1', 'Grüße 😀', '12345678901234567890.12', 'EUR', '3', false, '2026-01-31', '2026-11-26T10:00:00.123Z'],
  },
  { line: 3, values: ['A-2', '=1+1', '0.5', 'USD', '0', true, null, '1969-12-31T23:59:59.999Z'] },
];

async function read(bytes: Uint8Array): Promise<unknown[]> {
  return parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
}

it('another reader finds the rows with their types, numbers with all of their digits, and where they come from', async () => {
  expect(await read(toParquet({ fileId: 'f1', dataset: products }, rows))).toEqual([
    {
      file_id: 'f1',
      line: '2',
      sku: 'A-1',
      name: 'Grüße 😀',
      price: '12345678901234567890.12',
      currency: 'EUR',
      stock: '3',
      discontinued: false,
      availableFrom: new Date('2026-01-31'),
      updatedAt: new Date('2026-11-26T10:00:00.123Z'),
    },
    expect.objectContaining({
      availableFrom: null,
      discontinued: true,
      updatedAt: new Date('1969-12-31T23:59:59.999Z'),
    }),
  ]);
});

it('a chunk of ten thousand rows comes back whole', async () => {
  const many = Array.from({ length: 10_000 }, (_, line) => ({
    line,
    values: [`A-${line}`, ...rows[0]!.values.slice(1)],
  }));
  const found = (await read(toParquet({ fileId: 'f1', dataset: products }, many))) as { sku: string }[];
  expect(found.map(({ sku }) => sku)).toEqual(many.map(({ values }) => values[0]));
});

it('the same rows make the same bytes, so that a repeated step writes the same file', () => {
  const file = { fileId: 'f1', dataset: products };
  expect(Buffer.from(toParquet(file, rows)).equals(Buffer.from(toParquet(file, rows)))).toBe(true);
});
