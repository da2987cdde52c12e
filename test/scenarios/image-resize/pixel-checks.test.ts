import './unguarded-sharp';
import sharp from 'sharp';
import { watermarkProblems } from '../../../scenarios/image-resize/pixel-checks';
import { readPhotograph } from '../../../scenarios/image-resize/photographs';
import { outputVariant } from './decoded';

const watermark = { image: 'watermark.png', gravity: 'southeast', scale: 0.25, opacity: 0.5 } as const;

async function plain(): Promise<Buffer> {
  return sharp(await readPhotograph('coffee'))
    .webp({ quality: 80 })
    .toBuffer();
}

test('an image with an overlay in a corner passes as watermarked', async () => {
  const overlay = { create: { width: 120, height: 40, channels: 4 as const, background: '#ffffffc0' } };
  const watermarked = await sharp(await plain())
    .composite([{ input: overlay, gravity: 'southeast' }])
    .webp({ quality: 80 })
    .toBuffer();
  const variants = [
    await outputVariant(await plain()),
    await outputVariant(watermarked, { name: 'preview', watermark }),
  ];
  expect(await watermarkProblems(variants)).toEqual([]);
});

test('an image equal to the one without a watermark fails', async () => {
  const variants = [
    await outputVariant(await plain()),
    await outputVariant(await plain(), { name: 'preview', watermark }),
  ];
  expect(await watermarkProblems(variants)).toEqual([
    expect.stringContaining('preview: 0.00 % of its pixels differ from medium'),
  ]);
});
