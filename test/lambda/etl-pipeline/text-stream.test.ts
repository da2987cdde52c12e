import fc from 'fast-check';
import iconv from 'text-encodings';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { FileRefusedError } from '../../../lambda/etl-pipeline/errors';
import { compressionOf, decompress, markedEncoding, skip, toUtf8 } from '../../../lambda/etl-pipeline/text-stream';

async function* blocksOf(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collect(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const block of blocks) all.push(block);
  return Buffer.concat(all);
}

const limits = (stored: Buffer, maximumBytes = 1_000_000_000) => ({ storedBytes: stored.length, maximumBytes });
const compressions = { gzip: gzipSync, zstd: zstdCompressSync } as const;
const names = ['gzip', 'zstd'] as const;

it.each(names)('%s is known by its content, and comes back as it was', async (name) => {
  const text = Buffer.from('a,b\n'.repeat(10_000));
  const stored = compressions[name](text);
  expect(compressionOf(stored.subarray(0, 4))).toBe(name);
  const read = await collect(decompress(blocksOf(stored, 100), name, limits(stored)));
  expect(read.equals(text)).toBe(true);
});

it('two compressed files one after the other are one', async () => {
  const stored = Buffer.concat([gzipSync('a,b\n'), gzipSync('1,2\n')]);
  expect(String(await collect(decompress(blocksOf(stored), 'gzip', limits(stored))))).toBe('a,b\n1,2\n');
});

it.each(names)('a %s file that is cut off, or damaged, is refused', async (name) => {
  const stored = compressions[name](
    Buffer.from(Array.from({ length: 9_000 }, (_, index) => `row ${index}`).join('\n')),
  );
  const cut = stored.subarray(0, stored.length / 2);
  await expect(collect(decompress(blocksOf(cut, 500), name, limits(cut)))).rejects.toThrow(FileRefusedError);
  const damaged = Buffer.from(stored);
  damaged.fill(0xaa, 10, 60);
  await expect(collect(decompress(blocksOf(damaged, 500), name, limits(damaged)))).rejects.toThrow(FileRefusedError);
});

it('a bomb is refused by its ratio, long before it is decompressed', async () => {
  const stored = gzipSync(Buffer.alloc(80_000_000));
  let bytes = 0;
  const read = async () => {
    for await (const block of decompress(blocksOf(stored, 1_000), 'gzip', limits(stored))) bytes += block.length;
  };
  await expect(read()).rejects.toThrow('its text is more than 250 times as large as the file');
  expect(bytes).toBeLessThan(70_000_000);
});

it('what is decompressed counts for the limit of a file', async () => {
  const stored = gzipSync('a,b\n'.repeat(1_000));
  await expect(collect(decompress(blocksOf(stored), 'gzip', limits(stored, 3_000)))).rejects.toThrow(
    'use files of at most 3000 bytes when decompressed',
  );
});

it('an error of reading is not one of the file', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(gzipSync('a').subarray(0, 5));
    throw new Error('S3 is away');
  }
  await expect(collect(decompress(broken(), 'gzip', { storedBytes: 10, maximumBytes: 100 }))).rejects.toThrow(
    'S3 is away',
  );
});

it.each(['utf-16le', 'utf-16be'] as const)('any text of %s becomes UTF-8, in blocks of any size', async (encoding) => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), async (text, size) => {
      const bytes = iconv.encode(text, encoding, { addBOM: true });
      expect(markedEncoding(bytes)).toBe(encoding);
      expect(String(await collect(toUtf8(blocksOf(bytes, size), encoding)))).toBe(text.replace(/^\ufeff/, ''));
    }),
  );
});

it('all 256 bytes of Windows-1252 are read, and the five that it does not have are marked', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const text = String(await collect(toUtf8(blocksOf(bytes), 'windows-1252')));
  expect(text.split('').flatMap((character, index) => (character === '\ufffd' ? index : []))).toEqual([
    0x81, 0x8d, 0x8f, 0x90, 0x9d,
  ]);
  expect(text.split('').slice(0x80, 0x90).join('')).toBe('€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd');
  expect(text.split('').slice(0xa0)).toEqual(
    Array.from({ length: 96 }, (_, index) => String.fromCharCode(0xa0 + index)),
  );
});

it('the first bytes are left out, across blocks', async () => {
  const bytes = Buffer.from('0123456789');
  for (let count = 0; count <= 10; count++) {
    expect(String(await collect(skip(blocksOf(bytes, 3), count, () => true)))).toBe('0123456789'.slice(count));
  }
});

it('a file that cannot be decoded within one invocation is refused', async () => {
  await expect(collect(skip(blocksOf(Buffer.alloc(100)), 90, () => false))).rejects.toThrow(
    'decoding it up to where the split had come takes longer than a function may run',
  );
});
