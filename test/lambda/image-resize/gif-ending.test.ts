import sharp from 'sharp';
import { isCutOff } from '../../../lambda/image-resize/gif-ending';
import { readHeader } from '../../../lambda/image-resize/photo-header';
import { animation, blue, green, quarters, red } from './photos';

const limits = { maximumBytes: 50_000_000, maximumPixels: 50_000_000 };

test('a whole GIF is whole, with or without its final mark, and with bytes behind it', async () => {
  for (const gif of [await quarters().gif().toBuffer(), await animation([red, green, blue], [100, 100, 100], 0)]) {
    expect(isCutOff(gif)).toBe(false);
    expect(isCutOff(gif.subarray(0, -1))).toBe(false);
    expect(isCutOff(Buffer.concat([gif, Buffer.from('appended')]))).toBe(false);
  }
});

test('an animation that was cut off in a frame is rejected as damaged', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  const frames = await Promise.all(
    [1, 2, 3].map(() =>
      sharp({ create: { width: 60, height: 40, channels: 3, background: '#888', noise } })
        .png()
        .toBuffer(),
    ),
  );
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer();
  await expect(readHeader(gif, limits)).resolves.toMatchObject({ animation: { frames: 3 } });
  for (const share of [0.001, 0.1, 0.4, 0.6, 0.8, 0.99]) {
    const cut = gif.subarray(0, Math.floor(gif.length * share));
    expect(isCutOff(cut)).toBe(true);
    await expect(readHeader(cut, limits)).rejects.toMatchObject({ reason: 'corrupt' });
  }
});

test('bytes that are no GIF at all end the walk', () => {
  for (let length = 0; length < 40; length++) expect(() => isCutOff(Buffer.alloc(length, 0x21))).not.toThrow();
});
