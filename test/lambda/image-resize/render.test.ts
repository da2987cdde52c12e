import sharp, { type Sharp } from 'sharp';
import { renderPhoto, type RenderedVariant } from '../../../lambda/image-resize/render';
import type { Variant } from '../../../lambda/image-resize/variants';
import {
  adobeRgbProfile,
  animation,
  blue,
  green,
  oriented,
  pixel,
  plain,
  pngThatClaims,
  quarters,
  red,
  withProfile,
  yellow,
  type Rgba,
} from './photos';

const limits = { maximumBytes: 50_000_000, maximumPixels: 50_000_000 };
const base: Variant = { name: 'small', width: 60, height: 60, fit: 'inside', format: 'webp', quality: 90 };
const white: Rgba = [255, 255, 255, 255];

let watermarkImage: Buffer;
beforeAll(async () => {
  watermarkImage = await plain(white, 40, 20).png().toBuffer();
});

async function renderAll(photo: Buffer, variants: Variant[]): Promise<readonly RenderedVariant[]> {
  const settings = { variants, watermarks: new Map([['mark.png', watermarkImage]]), limits };
  return (await renderPhoto(photo, settings, 60_000)).variants;
}

async function renderOne(photo: Buffer, change: Partial<Variant> = {}): Promise<RenderedVariant> {
  const [rendered] = await renderAll(photo, [{ ...base, ...change }]);
  if (!rendered) throw new Error('no variant was rendered');
  return rendered;
}

async function expectColor(image: Buffer, x: number, y: number, expected: Rgba, within = 12, page = 0): Promise<void> {
  const found = await pixel(image, x, y, page);
  const distance = Math.max(...found.map((value, channel) => Math.abs(value - (expected[channel] ?? 0))));
  if (distance > within)
    throw new Error(`(${x}, ${y}): expected ${expected.join()} within ${within}, got ${found.join()}`);
}

async function expectQuarters({ bytes, size }: RenderedVariant, within = 12): Promise<void> {
  const { width, height } = size;
  await expectColor(bytes, width * 0.2, height * 0.2, red, within);
  await expectColor(bytes, width * 0.8, height * 0.2, green, within);
  await expectColor(bytes, width * 0.2, height * 0.8, blue, within);
  await expectColor(bytes, width * 0.8, height * 0.8, yellow, within);
}

describe('a photo is rotated upright', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('in EXIF orientation %i', async (orientation) => {
    const photo = await oriented(orientation);
    const { header, variants } = await renderPhoto(photo, { variants: [base], watermarks: new Map(), limits }, 60_000);
    expect(header).toMatchObject({ format: 'jpeg', size: { width: 120, height: 80 } });
    const [picture] = variants;
    if (!picture) throw new Error('no variant was rendered');
    expect(picture.size).toEqual({ width: 60, height: 40 });
    await expectQuarters(picture, 25);
    expect((await sharp(picture.bytes).metadata()).orientation).toBeUndefined();
  });
});

describe('only pixels are kept', () => {
  const canary = 'CANARY-4111111111111111';
  const formats = ['webp', 'avif', 'jpeg', 'png'] as const;

  test.each(formats)('no location, camera or profile in %s', async (format) => {
    const photo = await quarters()
      .withIccProfile('p3')
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><p>${canary}</p></x:xmpmeta>`)
      .withExif({
        IFD0: { ImageDescription: canary, Make: canary },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '47/1 22/1 30/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '8/1 32/1 30/1',
        },
      })
      .jpeg()
      .toBuffer();
    expect(photo.includes(canary)).toBe(true);
    const { bytes } = await renderOne(photo, { format });
    const { exif, xmp, icc, iptc, comments, density } = await sharp(bytes).metadata();
    expect({ exif, xmp, icc, iptc, comments }).toEqual({});
    expect(density === undefined || density === 72).toBe(true);
    expect(bytes.includes(canary)).toBe(false);
  });

  test.each(['jpeg', 'png', 'gif', 'webp'] as const)('bytes after the end of a %s are gone', async (format) => {
    const photo = Buffer.concat([
      await quarters().toFormat(format).toBuffer(),
      Buffer.from(`<script>${canary}</script>`),
    ]);
    const picture = await renderOne(photo, { format: 'jpeg' });
    await expectQuarters(picture, 25);
    expect(picture.bytes.includes(canary)).toBe(false);
  });
});

describe('colors are converted to sRGB', () => {
  // Printing inks reach no bright blue, so CMYK gets a wide tolerance here and a test with duller colors below.
  const inputs: [string, () => Promise<Buffer>, number][] = [
    ['JPEG', () => quarters().jpeg({ quality: 95 }).toBuffer(), 12],
    ['progressive JPEG', () => quarters().jpeg({ quality: 95, progressive: true }).toBuffer(), 12],
    ['CMYK JPEG', () => quarters().toColorspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 70],
    ['CMYK JPEG with its profile', () => quarters().withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer(), 70],
    ['Display P3 JPEG', () => quarters().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), 12],
    ['Display P3 PNG', () => quarters().withIccProfile('p3').png().toBuffer(), 12],
    ['16-bit PNG', () => quarters().toColorspace('rgb16').png().toBuffer(), 12],
    ['16-bit PNG with alpha', () => quarters(120, 80, 4).toColorspace('rgb16').png().toBuffer(), 12],
    ['interlaced PNG', () => quarters().png({ progressive: true }).toBuffer(), 12],
    ['palette PNG', () => quarters().png({ palette: true, colors: 4 }).toBuffer(), 12],
    ['GIF', () => quarters().gif().toBuffer(), 12],
    ['WebP', () => quarters().webp({ quality: 95 }).toBuffer(), 12],
    ['AVIF', () => quarters().avif({ quality: 90, effort: 0 }).toBuffer(), 15],
    ['10-bit AVIF', () => quarters().avif({ quality: 90, effort: 0, bitdepth: 10 }).toBuffer(), 15],
    ['TIFF', () => quarters().tiff({ compression: 'lzw' }).toBuffer(), 12],
    ['CMYK TIFF', () => quarters().toColorspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(), 70],
  ];

  test.each(inputs)('of a %s', async (_, photo, within) => {
    const picture = await renderOne(await photo(), { format: 'png' });
    expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: 'png', space: 'srgb', depth: 'uchar' });
    await expectQuarters(picture, within);
  });

  test.each([
    ['without a profile', (photo: Sharp) => photo.toColorspace('cmyk')],
    ['with its profile', (photo: Sharp) => photo.withIccProfile('cmyk')],
  ])('of a CMYK JPEG %s, closely where ink can follow', async (_, convert) => {
    for (const color of [
      [150, 110, 90, 255],
      [60, 90, 110, 255],
      [200, 200, 190, 255],
    ] as const) {
      const photo = await convert(plain(color).removeAlpha()).jpeg({ quality: 100 }).toBuffer();
      await expectColor((await renderOne(photo, { format: 'png' })).bytes, 30, 20, color, 25);
    }
  });

  test('of an Adobe RGB JPEG, whose numbers stand for other colors', async () => {
    const adobe = [150, 100, 60] as const;
    const photo = withProfile(
      await plain([...adobe, 255])
        .jpeg({ quality: 100 })
        .toBuffer(),
      adobeRgbProfile(),
    );
    // Linear Adobe RGB to linear sRGB; both have the white of D65.
    const [r, g, b] = adobe.map((value) => (value / 255) ** 2.19921875) as [number, number, number];
    const linear = [1.39836 * r - 0.39836 * g, g, -0.04293 * g + 1.04293 * b];
    const expected = linear.map((value) => Math.round(255 * (1.055 * value ** (1 / 2.4) - 0.055)));
    const { bytes } = await renderOne(photo, { format: 'png' });
    await expectColor(bytes, 30, 20, [expected[0] ?? 0, expected[1] ?? 0, expected[2] ?? 0, 255], 3);
    expect(Math.abs((expected[0] ?? 0) - adobe[0])).toBeGreaterThan(10);
  });

  test.each([
    ['grayscale JPEG', () => plain([90, 90, 90, 255]).grayscale().jpeg({ quality: 95 }).toBuffer()],
    ['16-bit grayscale PNG', () => plain([90, 90, 90, 255]).removeAlpha().toColorspace('grey16').png().toBuffer()],
    ['grayscale PNG with alpha', () => plain([90, 90, 90, 255]).toColorspace('b-w').png().toBuffer()],
  ])('of a %s', async (_, photo) => {
    for (const format of ['webp', 'jpeg', 'png', 'avif'] as const) {
      const { bytes } = await renderOne(await photo(), { format });
      await expectColor(bytes, 30, 20, [90, 90, 90, 255], 6);
    }
  });
});

describe('transparency', () => {
  const half: Rgba = [200, 30, 30, 128];

  test.each(['webp', 'avif', 'png'] as const)('is kept in %s', async (format) => {
    const { bytes } = await renderOne(await plain(half, 120, 80).png().toBuffer(), { format });
    await expectColor(bytes, 30, 20, half, 8);
  });

  test('is white below a JPEG', async () => {
    const { bytes } = await renderOne(await plain(half, 120, 80).png().toBuffer(), { format: 'jpeg' });
    await expectColor(bytes, 30, 20, [227, 142, 142, 255], 8);
  });

  test('of a GIF and of 16 bits is kept', async () => {
    const clear = plain([10, 200, 10, 0]);
    for (const photo of [await clear.clone().gif().toBuffer(), await clear.toColorspace('rgb16').png().toBuffer()]) {
      expect((await pixel((await renderOne(photo)).bytes, 30, 20))[3]).toBe(0);
    }
  });
});

describe('sizes', () => {
  test('all variants are rendered, in their order', async () => {
    const photo = await quarters(400, 300).jpeg({ quality: 95 }).toBuffer();
    const rendered = await renderAll(photo, [
      { ...base, name: 'a', width: 300, height: 300 },
      { ...base, name: 'b', width: 50, height: 50, fit: 'cover', format: 'jpeg' },
      { ...base, name: 'c', width: 80, height: 80, fit: 'contain', format: 'png' },
      { ...base, name: 'd', width: 100, height: 100, format: 'avif' },
    ]);
    const sizes = await Promise.all(rendered.map(async ({ bytes }) => sharp(bytes).metadata()));
    expect(rendered.map(({ variant, contentType }) => [variant.name, contentType])).toEqual([
      ['a', 'image/webp'],
      ['b', 'image/jpeg'],
      ['c', 'image/png'],
      ['d', 'image/avif'],
    ]);
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [300, 225],
      [50, 50],
      [80, 80],
      [100, 75],
    ]);
    expect(rendered.map(({ size }) => [size.width, size.height])).toEqual(
      sizes.map(({ width, height }) => [width, height]),
    );
    for (const one of rendered.filter(({ variant }) => variant.fit !== 'contain')) await expectQuarters(one, 25);
  });

  test.each(['inside', 'cover', 'contain'] as const)('a photo is never enlarged to fit %s', async (fit) => {
    const photo = await quarters(40, 20).png().toBuffer();
    const picture = await renderOne(photo, { width: 100, height: 100, fit, format: 'png' });
    const { width, height } = await sharp(picture.bytes).metadata();
    expect({ width, height }).toEqual(picture.size);
    const expected = { inside: [40, 20], cover: [20, 20], contain: [100, 100] }[fit];
    expect([width, height]).toEqual(expected);
    if (fit === 'contain') {
      // The photo is in the middle, 40 x 20; the rest is transparent.
      await expectColor(picture.bytes, 35, 45, red);
      await expectColor(picture.bytes, 65, 55, yellow);
      expect((await pixel(picture.bytes, 28, 45))[3]).toBe(0);
      expect((await pixel(picture.bytes, 50, 38))[3]).toBe(0);
    }
  });

  test('a JPEG is padded with white', async () => {
    const { bytes } = await renderOne(await quarters().jpeg().toBuffer(), { fit: 'contain', format: 'jpeg' });
    await expectColor(bytes, 30, 3, white, 3);
    await expectColor(bytes, 15, 20, red, 25);
  });

  test('a very narrow photo keeps a pixel of width', async () => {
    expect((await renderOne(await quarters(3, 4_000).png().toBuffer())).size).toEqual({ width: 1, height: 60 });
  });

  test('an open height is limited to what WebP supports', async () => {
    const { height: _height, ...open } = base;
    const [picture] = await renderAll(await plain(red, 4, 20_000).png().toBuffer(), [{ ...open, width: 4 }]);
    expect(picture?.size).toEqual({ width: 3, height: 16_383 });
  });
});

describe('an animation', () => {
  const delay = [100, 200, 300];

  test.each(['gif', 'webp'] as const)('from %s keeps frames, delays and loops in WebP', async (format) => {
    const photo = await animation([red, green, blue], delay, 2, format);
    const { bytes, size } = await renderOne(photo, { width: 30, height: 30 });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 30, height: 20, pages: 3, delay, loop: 2 });
    expect(size).toEqual({ width: 30, height: 20 });
    for (const [page, color] of [red, green, blue].entries()) await expectColor(bytes, 15, 10, color, 12, page);
  });

  test.each(['cover', 'contain'] as const)('is laid out frame by frame with fit %s', async (fit) => {
    const { bytes, size } = await renderOne(await animation([red, green], [100, 100], 0), {
      width: 30,
      height: 30,
      fit,
    });
    expect(size).toEqual({ width: 30, height: 30 });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 30, height: 30, pages: 2, loop: 0 });
    for (const [page, color] of [red, green].entries()) {
      await expectColor(bytes, 15, 15, color, 12, page);
      if (fit === 'contain') expect((await pixel(bytes, 15, 2, page))[3]).toBe(0);
      else await expectColor(bytes, 15, 2, color, 12, page);
    }
  });

  test.each(['avif', 'jpeg', 'png'] as const)('is its first frame in %s', async (format) => {
    const { bytes } = await renderOne(await animation([red, green], [100, 100], 0), { format });
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1);
    await expectColor(bytes, 30, 20, red, 25);
  });

  test('has the watermark on every frame', async () => {
    const watermark = { image: 'mark.png', gravity: 'southeast', scale: 0.5, opacity: 1 } as const;
    const { bytes } = await renderOne(await animation([red, green, blue], delay, 0), { watermark });
    for (const [page, color] of [red, green, blue].entries()) {
      await expectColor(bytes, 55, 35, white, 12, page);
      await expectColor(bytes, 15, 10, color, 12, page);
      await expectColor(bytes, 15, 35, color, 12, page);
    }
  });
});

describe('a watermark', () => {
  const places = [
    ['northwest', 3, 3],
    ['north', 60, 3],
    ['northeast', 116, 3],
    ['west', 3, 40],
    ['centre', 60, 40],
    ['east', 116, 40],
    ['southwest', 3, 76],
    ['south', 60, 76],
    ['southeast', 116, 76],
  ] as const;

  test.each(places)('is placed at %s', async (gravity, x, y) => {
    const watermark = { image: 'mark.png', gravity, scale: 0.25, opacity: 1 };
    const { bytes } = await renderOne(await plain(blue, 120, 80).png().toBuffer(), {
      width: 120,
      height: 120,
      watermark,
      format: 'png',
    });
    await expectColor(bytes, x, y, white, 3);
    const elsewhere = places.filter(([other]) => other !== gravity);
    for (const [, otherX, otherY] of elsewhere) await expectColor(bytes, otherX, otherY, blue, 3);
  });

  test('has the configured share of the width and opacity', async () => {
    const watermark = { image: 'mark.png', gravity: 'northwest', scale: 0.5, opacity: 0.5 } as const;
    const { bytes } = await renderOne(await plain([0, 0, 0, 255], 120, 80).png().toBuffer(), {
      width: 100,
      height: 100,
      watermark,
      format: 'png',
    });
    await expectColor(bytes, 48, 23, [127, 127, 127, 255], 4);
    await expectColor(bytes, 53, 23, [0, 0, 0, 255], 4);
    await expectColor(bytes, 48, 28, [0, 0, 0, 255], 4);
  });

  test('leaves transparent pixels around it transparent', async () => {
    const watermark = { image: 'mark.png', gravity: 'northwest', scale: 0.5, opacity: 1 } as const;
    const { bytes } = await renderOne(await plain([0, 0, 0, 0]).png().toBuffer(), { watermark, format: 'png' });
    await expectColor(bytes, 5, 5, white, 3);
    expect((await pixel(bytes, 50, 30))[3]).toBe(0);
  });

  test('that is taller than the variant is scaled to fit', async () => {
    const watermark = { image: 'mark.png', gravity: 'centre', scale: 1, opacity: 1 } as const;
    const picture = await renderOne(await quarters(400, 6).png().toBuffer(), { width: 400, height: 400, watermark });
    expect(picture.size).toEqual({ width: 400, height: 6 });
  });
});

describe('a damaged photo', () => {
  const formats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const;
  const noisy = (): Sharp =>
    sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 50 },
      },
    });

  test.each(formats)('of %s is rejected wherever it was truncated', async (format) => {
    const photo = await noisy().toFormat(format).toBuffer();
    for (const share of [0.05, 0.3, 0.6, 0.9, 0.99]) {
      const cut = photo.subarray(0, Math.floor(photo.length * share));
      await expect(renderOne(cut)).rejects.toMatchObject({ name: 'RejectedPhoto', reason: 'corrupt' });
    }
  });

  test('with a valid header and invalid pixel data is rejected in words that name no software', async () => {
    const rejection = renderOne(pngThatClaims(1_000, 1_000));
    await expect(rejection).rejects.toMatchObject({
      reason: 'corrupt',
      message: 'The file is damaged or incomplete: upload it again, or export it anew.',
    });
  });

  test('that decoders only warn about is still resized', async () => {
    const photo = await quarters().jpeg({ quality: 95 }).toBuffer();
    // Bytes between two segments, such as some cameras leave there.
    const table = photo.indexOf(Buffer.from([0xff, 0xc4]));
    const odd = Buffer.concat([photo.subarray(0, table), Buffer.from([1, 2]), photo.subarray(table)]);
    await expectQuarters(await renderOne(odd), 25);
  });
});

test('a watermark that is missing or not an image is not the fault of the photo', async () => {
  const watermark = { image: 'gone.png', gravity: 'north', scale: 1, opacity: 1 } as const;
  const broken = new Map([['gone.png', Buffer.from('not an image')]]);
  for (const photo of [await quarters().png().toBuffer(), await animation([red, green], [100, 100], 0)]) {
    for (const watermarks of [new Map<string, Buffer>(), broken]) {
      const rendering = renderPhoto(photo, { variants: [{ ...base, watermark }], watermarks, limits }, 60_000);
      await expect(rendering).rejects.toMatchObject({ name: 'ResizeFailed' });
    }
  }
});
