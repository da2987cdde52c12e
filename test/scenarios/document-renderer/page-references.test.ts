import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { difference, tolerance } from '../../../scenarios/document-renderer/page-references';

const reference = (name: string): Buffer =>
  readFileSync(join(__dirname, '../../../scenarios/document-renderer/references', `${name}.png`));

it('a page is its own reference', async () => {
  expect(await difference(reference('emoji-1'), reference('emoji-1'))).toBe(0);
});

it('a page without one short line is another', async () => {
  const blank = { create: { width: 240, height: 10, channels: 3 as const, background: '#fff' } };
  const line = await sharp(blank).png().toBuffer();
  const without = await sharp(reference('emoji-1'))
    .composite([{ input: line, left: 0, top: 40 }])
    .png()
    .toBuffer();
  expect(await difference(reference('emoji-1'), without)).toBeGreaterThan(tolerance);
});

it('a page of another size is another', async () => {
  const wider = await sharp(reference('emoji-1')).resize(241).png().toBuffer();
  expect(await difference(reference('emoji-1'), wider)).toBe(1);
});
