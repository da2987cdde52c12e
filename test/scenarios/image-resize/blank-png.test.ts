import './unguarded-sharp';
import sharp from 'sharp';
import { blankPng } from '../../../scenarios/image-resize/blank-png';

const sizes = [
  [1, 1],
  [3, 5],
  [601, 407],
  [1_500, 1_000],
] as const;

describe.each([false, true])('interlaced: %s', (interlaced) => {
  test.each(sizes)('a PNG of %i x %i decodes to zeros', async (width, height) => {
    const png = blankPng({ width, height, color: 'rgba', interlaced });
    const metadata = await sharp(png).metadata();
    expect(metadata).toMatchObject({ format: 'png', width, height, channels: 4, isProgressive: interlaced });
    const pixels = await sharp(png, { failOn: 'warning' }).raw().toBuffer();
    expect(pixels.equals(Buffer.alloc(width * height * 4))).toBe(true);
  });
});

test('an RGB image has three channels', async () => {
  const png = blankPng({ width: 40, height: 30, color: 'rgb', interlaced: false });
  expect((await sharp(png, { failOn: 'warning' }).raw().toBuffer()).length).toBe(40 * 30 * 3);
});

test('a gigabyte of pixels takes a megabyte of file, and is made quickly', () => {
  const before = process.cpuUsage();
  const png = blankPng({ width: 16_383, height: 16_383, color: 'rgba', interlaced: true });
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(4_000);
  expect(png.length).toBeLessThan(1_100_000);
});
