import './unguarded-sharp';
import sharp from 'sharp';
import { watermarkProblems } from '../../../scenarios/image-resize/pixel-checks';
import { readPhotograph } from '../../../scenarios/image-resize/photographs';
import { madeVariant } from './decoded';

const watermark = { image: 'watermark.png', gravity: 'southeast', scale: 0.25, opacity: 0.5 } as const;

async function plain(): Promise<Buffer> {
  return sharp(await readPhotograph('coffee'))
    .webp({ quality: 80 })
    .toBuffer();
}

test('a picture with something over a corner passes as watermarked', async () => {
  const mark = { create: { width: 120, height: 40, channels: 4 as const, background: '#ffffffc0' } };
  const marked = await sharp(await plain())
    .composite([{ input: mark, gravity: 'southeast' }])
    .webp({ quality: 80 })
    .toBuffer();
  const made = [await madeVariant(await plain()), await madeVariant(marked, { name: 'preview', watermark })];
  expect(await watermarkProblems(made)).toEqual([]);
});

test('a picture like its plain one is missing its watermark', async () => {
  const made = [await madeVariant(await plain()), await madeVariant(await plain(), { name: 'preview', watermark })];
  expect(await watermarkProblems(made)).toEqual([expect.stringContaining('preview: 0.00 % of it differs from medium')]);
});
