import { checkFileSize, readHeader } from '../../../lambda/image-resize/photo-header';
import { animation, green, heic, oriented, pngThatClaims, quarters, red } from './photos';

const limits = { maximumBytes: 52_428_800, maximumPixels: 50_000_000 };

describe('the size of a file', () => {
  test('of zero is rejected unread', () => {
    expect(() => checkFileSize(0, limits)).toThrow(expect.objectContaining({ reason: 'empty' }) as Error);
  });

  test('up to the limit is accepted, and above it rejected unread', () => {
    expect(() => checkFileSize(limits.maximumBytes, limits)).not.toThrow();
    expect(() => checkFileSize(limits.maximumBytes + 1, limits)).toThrow(
      expect.objectContaining({
        reason: 'too-large',
        message: expect.stringContaining('at most 50 MB') as string,
      }) as Error,
    );
  });
});

describe('the header', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
    'of a %s has its format and size',
    async (format) => {
      const header = await readHeader(await quarters(30, 20).toFormat(format).toBuffer(), limits);
      expect(header).toMatchObject({ format, size: { width: 30, height: 20 } });
      expect(header).not.toHaveProperty('animation');
    },
  );

  test('of a rotated photo has the size as displayed', async () => {
    expect((await readHeader(await oriented(6), limits)).size).toEqual({ width: 120, height: 80 });
  });

  test('of an animation has its frames, delays and loops', async () => {
    const header = await readHeader(await animation([red, green], [50, 70], 3), limits);
    expect(header).toMatchObject({
      format: 'gif',
      size: { width: 60, height: 40 },
      animation: { frames: 2, delay: [50, 70], loop: 3 },
    });
  });
});

describe('pixels', () => {
  test.each([
    ['30,000 x 30,000', pngThatClaims(30_000, 30_000)],
    ['16,383 x 16,383, interlaced', pngThatClaims(16_383, 16_383, true)],
    ['50,000,001 x 1', pngThatClaims(50_000_001, 1)],
  ])('of %s are rejected from the header alone', async (_, bomb) => {
    const before = process.cpuUsage();
    await expect(readHeader(bomb, limits)).rejects.toMatchObject({ reason: 'too-many-pixels' });
    // Decoding takes seconds of processor time.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500);
  });

  test('at the limit are accepted', async () => {
    const photo = await quarters(50, 40).png().toBuffer();
    await expect(readHeader(photo, { ...limits, maximumPixels: 2_000 })).resolves.toBeDefined();
    await expect(readHeader(photo, { ...limits, maximumPixels: 1_999 })).rejects.toMatchObject({
      reason: 'too-many-pixels',
    });
  });

  test('of all frames of an animation count together', async () => {
    const photo = await animation([red, green], [100, 100], 0);
    await expect(readHeader(photo, { ...limits, maximumPixels: 60 * 40 * 2 - 1 })).rejects.toMatchObject({
      reason: 'too-many-pixels',
    });
  });
});

describe('a file of another format is rejected', () => {
  const canary = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>';
  test.each([
    ['SVG', Buffer.from(canary)],
    ['HTML', Buffer.from('<!doctype html><html><body>not a photo</body></html>')],
    ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
    ['BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)])],
    ['MP4', Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isommp42'), Buffer.alloc(100)])],
    ['ZIP', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)])],
    ['a single byte', Buffer.from([0xff])],
  ])('%s', async (_, file) => {
    await expect(readHeader(file, limits)).rejects.toMatchObject({
      name: 'RejectedPhoto',
      reason: 'unsupported-format',
    });
  });

  test('HEIC, with a message that says what to do', async () => {
    await expect(readHeader(heic, limits)).rejects.toMatchObject({
      reason: 'heic-not-supported',
      message: 'HEIC images are not accepted: export the photo as JPEG.',
    });
  });

  test('HEIC whose first brand is generic', async () => {
    const file = Buffer.from(heic);
    file.write('mif1', 8, 'latin1');
    await expect(readHeader(file, limits)).rejects.toMatchObject({ reason: 'heic-not-supported' });
  });
});
