import './unguarded-sharp';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { metadataCanary } from '../../../scenarios/image-resize/photo';
import { phonePhoto, photograph } from '../../../scenarios/image-resize/photographs';

const folder = path.join(__dirname, '../../../scenarios/image-resize/photos');

test('each checked-in photograph has its source and license noted, and all are under 1.5 MB', () => {
  const sources = readFileSync(path.join(folder, 'SOURCES.md'), 'utf8');
  const photographs = readdirSync(folder).filter((name) => name !== 'SOURCES.md');
  for (const name of photographs) expect(sources).toContain(`\`${name}\``);
  expect(photographs.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)).toBeLessThan(1_500_000);
});

test('a photograph carries the metadata of a phone', async () => {
  const { bytes, width, height } = await photograph('chelsea', 'a cat');
  const metadata = await sharp(bytes).metadata();
  expect(metadata).toMatchObject({ format: 'jpeg', width, height });
  expect(metadata.exif?.includes(metadataCanary)).toBe(true);
});

test('the phone photo has 12 megapixels, sideways until its orientation is applied', async () => {
  const photo = await phonePhoto();
  expect(await sharp(photo.bytes).metadata()).toMatchObject({ width: 4_000, height: 3_000, orientation: 6 });
  expect([photo.width, photo.height]).toEqual([3_000, 4_000]);
});
