import sharp from 'sharp';
import { inspectJpeg } from '../../../../lambda/image-resize/formats/jpeg';

function noise(width: number, height: number, options: object, gray = false): Promise<Buffer> {
  const create = {
    width,
    height,
    channels: 3 as const,
    background: '#888',
    noise: { type: 'gaussian' as const, mean: 128, sigma: 50 },
  };
  const image = sharp({ create });
  return (gray ? image.toColorspace('b-w') : image).jpeg(options).toBuffer();
}

const endMarker = Buffer.from([0xff, 0xd9]);
const sizes = [
  [1, 1],
  [8, 8],
  [17, 9],
  [100, 75],
] as const;

describe.each(sizes)('a JPEG of %i x %i', (width, height) => {
  test.each<[string, object, boolean]>([
    ['4:2:0', {}, false],
    ['4:4:4', { chromaSubsampling: '4:4:4' }, false],
    ['gray', {}, true],
    ['optimized Huffman tables', { optimizeCoding: true, quality: 30 }, false],
  ])('of %s is complete without its end marker, and not with a byte less', async (_, options, gray) => {
    const photo = await noise(width, height, options, gray);
    const complete = photo.subarray(0, -2);
    expect(inspectJpeg(photo)).toEqual({ bytes: photo });
    expect(inspectJpeg(complete)).toEqual({ bytes: Buffer.concat([complete, endMarker]), strict: true });
    const scan = complete.lastIndexOf(Buffer.from([0xff, 0xda]));
    const dataBytes = complete.length - scan - 2 - complete.readUInt16BE(scan + 2);
    for (let missing = 1; missing <= Math.min(30, dataBytes); missing++) {
      expect(() => inspectJpeg(complete.subarray(0, -missing))).toThrow(
        expect.objectContaining({ reason: 'corrupt' }) as Error,
      );
    }
  });
});

test('restart markers are part of a scan', () => {
  const photo = withRestarts();
  expect(inspectJpeg(photo)).toMatchObject({ strict: true });
  expect(() => inspectJpeg(photo.subarray(0, -1))).toThrow(expect.objectContaining({ reason: 'corrupt' }) as Error);
  const without = Buffer.from(photo);
  without[without.lastIndexOf(0xd0)] = 0xd9;
  expect(inspectJpeg(without)).toEqual({ bytes: without });
});

/** A gray JPEG of 16 x 8 with one symbol a table: two blocks of zeros, each of two bits, with a restart marker between. */
function withRestarts(): Buffer {
  const table = (destination: number): string =>
    `ffc40014${destination.toString(16).padStart(2, '0')}01${'00'.repeat(15)}00`;
  const quantization = `ffdb004300${'01'.repeat(64)}`;
  const frame = 'ffc0000b080008001001011100';
  const scan = 'ffda0008010100003f00';
  // DC symbol 0 and end of block, each the code 0, then padding with ones.
  const block = '3f';
  return Buffer.from(
    `ffd8${quantization}${frame}${table(0)}${table(0x10)}ffdd00040001${scan}${block}ffd0${block}`,
    'hex',
  );
}

test('a progressive JPEG that lacks its last scans is corrupt', async () => {
  const photo = await noise(100, 75, { progressive: true });
  const lastScan = photo.lastIndexOf(Buffer.from([0xff, 0xda]));
  expect(inspectJpeg(photo.subarray(0, -2))).toMatchObject({ strict: true });
  expect(() => inspectJpeg(photo.subarray(0, lastScan))).toThrow(
    expect.objectContaining({ reason: 'corrupt' }) as Error,
  );
});

test('a coding process that the decoder lacks is not damage', async () => {
  const photo = await noise(8, 8, {});
  const frame = photo.indexOf(Buffer.from([0xff, 0xc0]));
  for (const [process, precision] of [
    [0xc5, 8],
    [0xcb, 8],
    [0xc1, 12],
  ] as const) {
    const changed = Buffer.from(photo);
    changed[frame + 1] = process;
    changed[frame + 4] = precision;
    expect(() => inspectJpeg(changed)).toThrow(expect.objectContaining({ reason: 'unsupported-encoding' }) as Error);
  }
});
