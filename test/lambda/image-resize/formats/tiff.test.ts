import sharp from 'sharp';
import { inspectTiff, readDirectory } from '../../../../lambda/image-resize/formats/tiff';
import { quarters } from '../photos';
import { filled, tiffFile } from '../tiff-file';

const corrupt = expect.objectContaining({ reason: 'corrupt' }) as Error;

test('tags are read from little-endian, big-endian and BigTIFF files', async () => {
  const little = tiffFile(filled([1, 2, 3]));
  for (const photo of [
    little,
    bigEndian(),
    await quarters(60, 40).tiff({ bigtiff: true, compression: 'lzw' }).toBuffer(),
  ]) {
    const directory = readDirectory(photo);
    expect([256, 257, 262, 277].map((tag) => directory.get(tag))).toEqual([[60], [40], [2], [3]]);
    expect(directory.get(258)).toEqual([8, 8, 8]);
    expect(inspectTiff(photo)).toEqual({ bytes: photo });
  }
});

test('every TIFF that sharp writes passes', async () => {
  for (const compression of ['none', 'lzw', 'deflate', 'packbits', 'jpeg', 'webp'] as const) {
    for (const tile of [false, true]) {
      const photo = await quarters(60, 40).tiff({ compression, tile }).toBuffer();
      expect(() => inspectTiff(photo)).not.toThrow();
    }
  }
  const fax = await sharp(await quarters(60, 40).png().toBuffer())
    .threshold()
    .toColorspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1 })
    .toBuffer();
  expect(() => inspectTiff(fax)).not.toThrow();
});

test('a directory outside of the file is damage, wherever the file ends', () => {
  const photo = tiffFile(filled([1, 2, 3]));
  for (let length = 4; length < photo.length; length += 7)
    expect(() => inspectTiff(photo.subarray(0, length))).toThrow(corrupt);
});

test('a directory that claims many entries or values is read within its bounds', () => {
  const photo = tiffFile(filled([1, 2, 3]), { others: { 40_000: Array.from({ length: 100 }, () => 7) } });
  expect(readDirectory(photo).get(40_000)).toHaveLength(16);
  const start = photo.readUInt32LE(4);
  const many = Buffer.from(photo);
  many.writeUInt16LE(65_535, start);
  expect(() => readDirectory(many)).toThrow(corrupt);
});

test('fewer samples than colors are damage', () => {
  expect(() => inspectTiff(tiffFile(filled([1, 2]), { samples: 2, bits: [8, 8] }))).toThrow(corrupt);
});

/** The same directory in the other byte order: shorts stand at the start of their field. */
function bigEndian(): Buffer {
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, 3, 1, 60],
    [257, 3, 1, 40],
    [258, 3, 3, 0],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [277, 3, 1, 3],
  ];
  const bytes = Buffer.alloc(8 + 2 + 12 * tags.length + 4 + 6);
  bytes.write('MM\0*', 'latin1');
  bytes.writeUInt32BE(8, 4);
  bytes.writeUInt16BE(tags.length, 8);
  tags.forEach(([tag, type, count, value], index) => {
    const at = 10 + 12 * index;
    bytes.writeUInt16BE(tag, at);
    bytes.writeUInt16BE(type, at + 2);
    bytes.writeUInt32BE(count, at + 4);
    if (count === 1) bytes.writeUInt16BE(value, at + 8);
    else bytes.writeUInt32BE(bytes.length - 6, at + 8);
  });
  for (const sample of [0, 1, 2]) bytes.writeUInt16BE(8, bytes.length - 6 + 2 * sample);
  return bytes;
}
