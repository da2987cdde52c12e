import { hashConfig, variantsSchema, type Variant } from '../../../lambda/image-resize/variants';

const variant = { name: 'small', width: 10, height: 10, fit: 'inside', format: 'webp', quality: 80 };
const watermark = { image: 'mark.png', gravity: 'southeast', scale: 0.2, opacity: 0.5 };
const accepts = (...variants: unknown[]): boolean => variantsSchema.safeParse(variants).success;

test('valid variants are accepted', () => {
  expect(accepts(variant, { ...variant, name: 'large', watermark })).toBe(true);
  expect(accepts({ ...variant, height: undefined })).toBe(false);
  const { height: _height, ...open } = variant;
  expect(accepts(open)).toBe(true);
});

test.each([
  ['no variant at all'],
  ['an unknown key', { ...variant, blur: 3 }],
  ['an unknown key in a watermark', { ...variant, watermark: { ...watermark, angle: 45 } }],
  ['two variants of the same name', variant, { ...variant, width: 20 }],
  ['a name that is a path', { ...variant, name: 'a/b' }],
  ['a width of zero', { ...variant, width: 0 }],
  ['a width that WebP cannot hold', { ...variant, width: 16_384 }],
  ['cover without a height', { name: 'a', width: 10, fit: 'cover', format: 'webp', quality: 80 }],
  ['inside without bounds', { name: 'a', fit: 'inside', format: 'webp', quality: 80 }],
  ['an unknown format', { ...variant, format: 'gif' }],
  ['a watermark outside of the assets', { ...variant, watermark: { ...watermark, image: '../secret.png' } }],
  ['an invisible watermark', { ...variant, watermark: { ...watermark, opacity: 0 } }],
])('%s is refused', (_, ...variants) => {
  expect(accepts(...variants)).toBe(false);
});

test('two formats of the same name are two variants', () => {
  expect(accepts(variant, { ...variant, format: 'avif' })).toBe(true);
});

describe('the config hash', () => {
  const small: Variant = { name: 'a', width: 10, fit: 'inside', format: 'webp', quality: 80 };

  test('is equal for equal settings', () => {
    const images = [
      ['a.png', Buffer.from('1')],
      ['b.png', Buffer.from('2')],
    ] as const;
    const reversed = new Map([...images].reverse());
    expect(hashConfig([small], new Map(images))).toBe(hashConfig([{ ...small }], reversed));
    expect(hashConfig([small], new Map())).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['a variant', hashConfig([{ ...small, quality: 81 }], new Map())],
    ['the number of variants', hashConfig([small, { ...small, name: 'b' }], new Map())],
    ['a watermark', hashConfig([small], new Map([['a.png', Buffer.from('1')]]))],
  ])('changes with %s', (_, changed) => {
    expect(changed).not.toBe(hashConfig([small], new Map()));
  });

  test("changes with a watermark's bytes", () => {
    const withWatermark = (bytes: string): string => hashConfig([small], new Map([['a.png', Buffer.from(bytes)]]));
    expect(withWatermark('1')).not.toBe(withWatermark('2'));
  });
});
