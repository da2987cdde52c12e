import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { renderPhoto, type RenderedPhoto } from '../../../lambda/image-resize/render';
import type { Format } from '../../../lambda/image-resize/variants';
import { animation, blue, green, pixel, plain, quarters, red, yellow, type Rgba } from './photos';
import { filled, tiffFile, type TiffTags } from './tiff-file';

const limits = { maximumBytes: 50_000_000, maximumPixels: 50_000_000 };
const fixture = (name: string): Buffer => readFileSync(join(__dirname, 'fixtures', name));

async function render(photo: Buffer, format: Format = 'png'): Promise<RenderedPhoto> {
  const variants = [{ name: 'a', width: 60, height: 60, fit: 'inside', format, quality: 90 } as const];
  return renderPhoto(photo, { variants, watermarks: new Map(), limits }, 60_000);
}

async function renderBytes(photo: Buffer, format: Format = 'png'): Promise<Buffer> {
  const [variant] = (await render(photo, format)).variants;
  if (!variant) throw new Error('no variant was rendered');
  return variant.bytes;
}

/** Expects a pixel of the rendered photo, within a tolerance for each channel. */
async function expectPixel(image: Buffer, [x, y]: readonly [number, number], expected: Rgba, within = 3, page = 0) {
  const found = await pixel(image, x, y, page);
  const distance = Math.max(...found.map((value, channel) => Math.abs(value - (expected[channel] ?? 0))));
  if (distance > within)
    throw new Error(`(${x}, ${y}): expected ${expected.join()} within ${within}, got ${found.join()}`);
}

async function expectQuarters(image: Buffer, within = 12): Promise<void> {
  for (const [place, color] of [
    [[10, 8], red],
    [[50, 8], green],
    [[10, 32], blue],
    [[50, 32], yellow],
  ] as const) {
    await expectPixel(image, place, color, within);
  }
}

const rejected = (reason: string): object => ({ name: 'RejectedPhoto', reason });
const center = [30, 20] as const;

describe('animations', () => {
  test('a GIF of long delays and 65,535 loops is resized, within what WebP allows', async () => {
    const gif = await animation([red, green], [100, 100], 3);
    const control = gif.indexOf(Buffer.from([0x21, 0xf9, 4]));
    gif.writeUInt16LE(65_535, control + 4); // hundredths of a second
    gif.writeUInt16LE(65_535, gif.indexOf('NETSCAPE2.0') + 13);
    const { pages, delay, loop } = await sharp(await renderBytes(gif, 'webp')).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: 2, delay: [65_535, 100], loop: 65_535 });
  });

  test('a WebP of delays of minutes and hours is resized, within what the encoder takes', async () => {
    const { delay, loop } = await sharp(await renderBytes(fixture('long-delays.webp'), 'webp')).metadata();
    expect({ delay, loop }).toEqual({ delay: [65_535, 65_535], loop: 65_535 });
  });

  test.each([
    ['few colors', 2],
    ['256 colors', 8],
  ])('canvas that the first frame of a GIF of %s does not cover is transparent', async (_, colorBits) => {
    const gif = smallFirstFrame(colorBits);
    for (const format of ['png', 'webp', 'avif'] as const) {
      const image = await renderBytes(gif, format);
      await expectPixel(image, center, [200, 100, 50, 255], 10);
      expect((await pixel(image, 2, 2))[3]).toBe(0);
    }
    await expectPixel(await renderBytes(gif, 'jpeg'), [2, 2], [255, 255, 255, 255]);
  });

  test('a GIF whose first frame is small keeps its frames', async () => {
    const gif = Buffer.concat([smallFirstFrame(2).subarray(0, -1), frame(0, 2), Buffer.from([0x3b])]);
    const image = await renderBytes(gif, 'webp');
    expect(await sharp(image).metadata()).toMatchObject({ pages: 2, delay: [100, 100] });
    for (const [page, color] of [[200, 100, 50, 255] as const, [0, 0, 0, 255] as const].entries()) {
      await expectPixel(image, center, color, 10, page);
      expect((await pixel(image, 2, 2, page))[3]).toBe(0);
    }
  });

  test('of an animated AVIF the first picture is resized', async () => {
    const { header, variants } = await render(fixture('animated.avif'));
    expect(header).toMatchObject({ format: 'avif', size: { width: 60, height: 40 } });
    await expectQuarters(variants[0]?.bytes ?? Buffer.alloc(0), 15);
  });
});

/** A GIF of 60 x 40 whose only frame covers the middle, in the last of `2 ** colorBits` colors, without transparency. */
function smallFirstFrame(colorBits: number): Buffer {
  const colors = 2 ** colorBits;
  const canvas = Buffer.from([60, 0, 40, 0, 0x80 | (colorBits - 1), 0, 0]);
  const table = Buffer.alloc(3 * colors);
  table.set([200, 100, 50], 3 * (colors - 1));
  const header = Buffer.concat([Buffer.from('GIF89a'), canvas, table]);
  return Buffer.concat([header, frame(colors - 1, colorBits), Buffer.from([0x3b])]);
}

/** A frame of 20 x 20 in the middle, in one color. */
function frame(color: number, colorBits: number): Buffer {
  const control = Buffer.from([0x21, 0xf9, 4, 0, 10, 0, 0, 0]);
  const descriptor = Buffer.from([0x2c, 20, 0, 10, 0, 20, 0, 20, 0, 0]);
  return Buffer.concat([control, descriptor, lzw(color, 400, colorBits)]);
}

/** Sub-blocks of so many equal pixels, with a clear code before each, so that codes never get longer. */
function lzw(color: number, pixels: number, colorBits: number): Buffer {
  const size = colorBits + 1;
  const clear = 2 ** colorBits;
  const codes = [...Array.from({ length: pixels }, () => [clear, color]).flat(), clear + 1];
  const bits = codes.flatMap((code) => Array.from({ length: size }, (_, bit) => (code >> bit) & 1));
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) =>
    bits.slice(8 * index, 8 * index + 8).reduce((byte, bit, place) => byte | (bit << place), 0),
  );
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += 255)
    blocks.push(Math.min(255, bytes.length - at), ...bytes.slice(at, at + 255));
  return Buffer.from([colorBits, ...blocks, 0]);
}

describe('extra channels of a TIFF', () => {
  const color = [200, 100, 50] as const;
  const tiff = (samples: readonly number[], extraSamples: readonly number[], bytes: 1 | 2 = 1, tags: TiffTags = {}) =>
    tiffFile(filled(bytes === 1 ? samples : samples.map((sample) => sample * 257), bytes), {
      samples: samples.length,
      bits: samples.map(() => 8 * bytes),
      extraSamples,
      ...tags,
    });
  const gray = { photometric: 1 };
  const cmyk = { photometric: 5 };

  test.each<[string, Buffer, Rgba]>([
    ['one, unspecified, of zeros', tiff([...color, 0], [0]), [...color, 255]],
    ['two, unspecified', tiff([...color, 0, 7], [0, 0]), [...color, 255]],
    ['alpha and another', tiff([...color, 128, 7], [2, 0]), [...color, 128]],
    ['another and alpha', tiff([...color, 0, 128], [0, 2]), [...color, 128]],
    ['two of 16 bits', tiff([...color, 0, 7], [0, 0], 2), [...color, 255]],
    ['alpha and another of 16 bits', tiff([...color, 128, 7], [2, 0], 2), [...color, 128]],
    ['one of gray, of zeros', tiff([90, 0], [0], 1, gray), [90, 90, 90, 255]],
    ['two of gray', tiff([90, 0, 0], [0, 0], 1, gray), [90, 90, 90, 255]],
    ['three of gray', tiff([90, 0, 0, 0], [0, 0, 0], 1, gray), [90, 90, 90, 255]],
    ['alpha and another of gray', tiff([90, 128, 3], [2, 0], 1, gray), [90, 90, 90, 128]],
  ])('are no transparency but where the file says so: %s', async (_, photo, expected) => {
    for (const format of ['png', 'webp'] as const)
      await expectPixel(await renderBytes(photo, format), center, expected);
  });

  test('alpha is kept, also where the file does not say what its extra channel is', async () => {
    await expectPixel(await renderBytes(tiff([...color, 128], [2])), center, [...color, 128]);
    const { extraSamples: _extraSamples, ...unnamed } = { extraSamples: [], samples: 4, bits: [8, 8, 8, 8] };
    await expectPixel(await renderBytes(tiffFile(filled([...color, 128]), unnamed)), center, [...color, 128]);
  });

  test('premultiplied alpha is divided out', async () => {
    const premultiplied = color.map((value) => Math.round((value * 128) / 255));
    for (const extra of [[1], [1, 0]]) {
      const samples = [...premultiplied, 128, ...extra.slice(1)];
      await expectPixel(await renderBytes(tiff(samples, extra)), center, [...color, 128], 4);
    }
  });

  test('of CMYK are left out', async () => {
    const plainCmyk = await renderBytes(tiff([0, 100, 180, 40], [], 1, cmyk));
    const expected = await pixel(plainCmyk, ...center);
    await expectPixel(await renderBytes(tiff([0, 100, 180, 40, 0], [0], 1, cmyk)), center, expected);
  });

  test('are rejected where there are more than sharp reads', async () => {
    await expect(render(tiff([...color, 1, 2, 3], [0, 0, 0]))).rejects.toMatchObject(rejected('unsupported-encoding'));
    await expect(render(tiff([0, 0, 0, 0, 1, 2], [0, 0], 1, cmyk))).rejects.toMatchObject(
      rejected('unsupported-encoding'),
    );
  });
});

describe('encodings that would come out wrong or not at all are rejected as such, not as damaged', () => {
  const rgb = filled([200, 100, 50]);
  const gray = (bytes: 1 | 2 | 4, tags: TiffTags): Buffer =>
    tiffFile(filled([60], bytes), { samples: 1, bits: [8 * bytes], photometric: 1, ...tags });

  test.each<[string, Buffer]>([
    ['floating point', tiffFile(filled([1, 1, 1], 4), { bits: [32, 32, 32], sampleFormat: [3, 3, 3] })],
    ['half-precision floating point', gray(2, { sampleFormat: [3] })],
    ['32-bit integers', tiffFile(filled([1, 1, 1], 4), { bits: [32, 32, 32] })],
    ['signed 16-bit integers', gray(2, { sampleFormat: [2] })],
    ['signed bytes', gray(1, { sampleFormat: [2] })],
    ['12 bits a sample', gray(2, { bits: [12] })],
    ['samples of different sizes', tiffFile(rgb, { bits: [5, 6, 5] })],
    ['CIELAB', tiffFile(rgb, { photometric: 8 })],
    ['uncompressed YCbCr', tiffFile(rgb, { photometric: 6 })],
    ['a color filter array', gray(1, { photometric: 32_803 })],
    ['LZMA', fixture('lzma.tif')],
    ['Zstandard', tiffFile(rgb, { compression: 50_000 })],
    ['old-style JPEG', tiffFile(rgb, { compression: 6, photometric: 6 })],
    ['JPEG XL', tiffFile(rgb, { compression: 50_002 })],
    ['planar tiles', tiffFile(rgb, { others: { 284: [2], 322: [64], 323: [48] } })],
    ['a thumbnail before the image of a camera raw file', tiffFile(rgb, { others: { 254: [1] } })],
    ['a digital negative', tiffFile(rgb, { others: { 50_706: [1, 4] } })],
    ['a JPEG of 12 bits a sample', fixture('twelve-bit.jpg')],
  ])('%s', async (_, photo) => {
    await expect(render(photo)).rejects.toMatchObject({
      ...rejected('unsupported-encoding'),
      message: expect.stringContaining('not damaged') as string,
    });
  });

  test.each<[string, Buffer]>([
    ['8-bit RGB', tiffFile(rgb)],
    [
      '16-bit RGB',
      tiffFile(
        filled(
          [200, 100, 50].map((value) => value * 257),
          2,
        ),
        { bits: [16, 16, 16] },
      ),
    ],
    ['undefined sample format', tiffFile(rgb, { sampleFormat: [4, 4, 4] })],
    ['more sizes than samples', tiffFile(rgb, { bits: [8, 8, 8, 1] })],
  ])('but not %s', async (_, photo) => {
    await expectPixel(await renderBytes(photo), center, [200, 100, 50, 255]);
  });

  test('gray where zero is white comes out as it is meant', async () => {
    await expectPixel(await renderBytes(gray(1, { photometric: 0 })), center, [195, 195, 195, 255]);
  });

  test('a JPEG of arithmetic coding is resized', async () => {
    await expectQuarters(await renderBytes(fixture('arithmetic.jpg')), 15);
  });
});

describe('AVIF', () => {
  test('of premultiplied alpha has its own colors', async () => {
    const image = await renderBytes(fixture('premultiplied.avif'));
    await expectPixel(image, [10, 8], [220, 40, 30, 255], 15);
    await expectPixel(image, [50, 8], [40, 170, 60, 128], 15);
    await expectPixel(image, [10, 32], [30, 60, 200, 64], 20);
  });

  test('whose first brand is a general one is not taken for HEIC', async () => {
    const photo = await quarters(60, 40).avif({ quality: 90, effort: 0 }).toBuffer();
    photo.write('mif1', 8, 'latin1');
    await expectQuarters(await renderBytes(photo), 15);
  });

  test.each(['straight', 'animated'])('that is %s and truncated anywhere is corrupt', async (kind) => {
    const photo = kind === 'animated' ? fixture('animated.avif') : await plain(red).avif({ effort: 0 }).toBuffer();
    for (let length = 40; length < photo.length; length += 23) {
      await expect(render(photo.subarray(0, length))).rejects.toMatchObject(rejected('corrupt'));
    }
  });
});

describe('a JPEG without its end marker', () => {
  const encode = (options: object) =>
    quarters(60, 40)
      .jpeg({ quality: 95, ...options })
      .toBuffer();

  test.each([{}, { progressive: true }])('is resized if that is all it lacks: %j', async (options) => {
    const photo = await encode(options);
    for (const missing of [2, 1]) await expectQuarters(await renderBytes(photo.subarray(0, -missing)), 15);
  });

  test.each([{}, { progressive: true }])('is corrupt if anything else is missing: %j', async (options) => {
    const photo = await encode(options);
    for (let length = photo.length - 3; length > 20; length -= 5) {
      await expect(render(photo.subarray(0, length))).rejects.toMatchObject(rejected('corrupt'));
    }
  });

  test('is corrupt where its coding does not show what is missing', async () => {
    await expect(render(fixture('arithmetic.jpg').subarray(0, -2))).rejects.toMatchObject(rejected('corrupt'));
  });
});
