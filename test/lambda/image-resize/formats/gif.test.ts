import sharp from 'sharp';
import { readBlocks } from '../../../../lambda/image-resize/formats/gif';
import { readHeader } from '../../../../lambda/image-resize/photo-header';
import { animation, blue, green, quarters, red } from '../photos';

const limits = { maximumBytes: 50_000_000, maximumPixels: 50_000_000 };

test('a complete GIF is complete, without its trailer and with bytes after it too', async () => {
  for (const gif of [await quarters().gif().toBuffer(), await animation([red, green, blue], [100, 100, 100], 0)]) {
    expect(readBlocks(gif).truncated).toBe(false);
    expect(readBlocks(gif.subarray(0, -1)).truncated).toBe(false);
    expect(readBlocks(Buffer.concat([gif, Buffer.from('appended')])).truncated).toBe(false);
  }
});

test('an animation truncated within a frame is rejected as corrupt', async () => {
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
    expect(readBlocks(cut).truncated).toBe(true);
    await expect(readHeader(cut, limits)).rejects.toMatchObject({ reason: 'corrupt' });
  }
});

test('bytes that are not a GIF are read to their end', () => {
  for (let length = 0; length < 40; length++) expect(() => readBlocks(Buffer.alloc(length, 0x21))).not.toThrow();
});
