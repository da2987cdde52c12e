import { variantsSchema } from '../../../lambda/image-resize/variants';

const variant = { name: 'small', width: 10, height: 10, fit: 'inside', format: 'webp', quality: 80 };
const watermark = { image: 'mark.png', gravity: 'southeast', scale: 0.2, opacity: 0.5 };
const accepts = (...variants: unknown[]): boolean => variantsSchema.safeParse(variants).success;

test('variants are accepted as they are meant', () => {
  expect(accepts(variant, { ...variant, name: 'large', watermark })).toBe(true);
  expect(accepts({ ...variant, height: undefined })).toBe(false);
  const { height: _height, ...open } = variant;
  expect(accepts(open)).toBe(true);
});

test.each([
  ['no variant at all'],
  ['a key that nobody knows', { ...variant, blur: 3 }],
  ['a key that nobody knows in a watermark', { ...variant, watermark: { ...watermark, angle: 45 } }],
  ['two variants of one name', variant, { ...variant, width: 20 }],
  ['a name that is a path', { ...variant, name: 'a/b' }],
  ['a width of nothing', { ...variant, width: 0 }],
  ['a width that WebP cannot hold', { ...variant, width: 16_384 }],
  ['cover without a height', { name: 'a', width: 10, fit: 'cover', format: 'webp', quality: 80 }],
  ['inside without bounds', { name: 'a', fit: 'inside', format: 'webp', quality: 80 }],
  ['a format that is none', { ...variant, format: 'gif' }],
  ['a watermark outside of the assets', { ...variant, watermark: { ...watermark, image: '../secret.png' } }],
  ['an invisible watermark', { ...variant, watermark: { ...watermark, opacity: 0 } }],
])('%s is refused', (_, ...variants) => {
  expect(accepts(...variants)).toBe(false);
});

test('two formats of one name are two variants', () => {
  expect(accepts(variant, { ...variant, format: 'avif' })).toBe(true);
});
