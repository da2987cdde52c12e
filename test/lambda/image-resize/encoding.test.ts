import sharp from 'sharp';
import { contentTypes, encode } from '../../../lambda/image-resize/encoding';
import { formats } from '../../../lambda/image-resize/variants';
import { quarters } from './photos';

const variant = { name: 'a', width: 10, fit: 'inside', quality: 60 } as const;

test.each(formats)('%s is encoded as its content type says', async (format) => {
  const image = quarters();
  encode(image, { ...variant, format }, undefined);
  const { mediaType } = await sharp(await image.toBuffer()).metadata();
  expect(mediaType).toBe(contentTypes[format]);
});

test('a PNG is lossless whatever its quality', async () => {
  const image = quarters();
  encode(image, { ...variant, format: 'png', quality: 1 }, undefined);
  const bytes = await image.toBuffer();
  expect((await sharp(bytes).metadata()).isPalette).toBe(false);
  expect(await sharp(bytes).raw().toBuffer()).toEqual(await quarters().raw().toBuffer());
});
