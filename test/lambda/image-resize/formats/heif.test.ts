import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectHeif, isHeif } from '../../../../lambda/image-resize/formats/heif';
import { quarters } from '../photos';

const fixture = (name: string): Buffer => readFileSync(join(__dirname, '..', 'fixtures', name));
const brands = (...names: string[]): Buffer => {
  const [first = '', ...others] = names;
  const bytes = Buffer.from(`\0\0\0\0ftyp${first}\0\0\0\0${others.join('')}`, 'latin1');
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
};
const box = (type: string, content = Buffer.alloc(0)): Buffer => {
  const header = Buffer.from(`\0\0\0\0${type}`, 'latin1');
  header.writeUInt32BE(8 + content.length, 0);
  return Buffer.concat([header, content]);
};
const reason = (name: string): Error => expect.objectContaining({ reason: name }) as Error;

test.each([
  ['avif', true],
  ['avis', true],
  ['heic', true],
  ['mif1', true],
  ['isom', false],
  ['qt  ', false],
])('a file of brand %j is an image: %s', (brand, expected) => {
  expect(isHeif(brands(brand))).toBe(expected);
  expect(isHeif(brands('mp42', brand))).toBe(expected);
});

test('an AVIF of a brand that libvips knows is passed on as it is', async () => {
  const photo = await quarters(60, 40).avif({ effort: 0 }).toBuffer();
  expect(inspectHeif(photo).bytes).toBe(photo);
});

test('the brand is changed in a copy alone', () => {
  const photo = fixture('animated.avif');
  const { bytes } = inspectHeif(photo);
  expect(Buffer.from(bytes).toString('latin1', 8, 12)).toBe('avif');
  expect(photo.toString('latin1', 8, 12)).toBe('avis');
});

test('only a file that says so has premultiplied colors', async () => {
  expect(inspectHeif(fixture('premultiplied.avif'))).toMatchObject({ premultiplied: true });
  expect(inspectHeif(await quarters(60, 40, 4).avif({ effort: 0 }).toBuffer())).not.toHaveProperty('premultiplied');
});

test('a codec other than AV1 is read from the item, whatever the brands', async () => {
  const photo = await quarters(60, 40).avif({ effort: 0 }).toBuffer();
  for (const [codec, expected] of [
    ['hvc1', 'heic-not-supported'],
    ['vvc1', 'unsupported-encoding'],
    ['jpeg', 'unsupported-encoding'],
  ] as const) {
    const other = Buffer.from(photo);
    other.write(codec, photo.indexOf('av01', photo.indexOf('infe')), 'latin1');
    expect(() => inspectHeif(other)).toThrow(reason(expected));
  }
});

test('an animation without an image of its own is not supported, and a file of brands alone is damaged', () => {
  expect(() => inspectHeif(Buffer.concat([brands('avis'), box('moov')]))).toThrow(reason('unsupported-encoding'));
  expect(() => inspectHeif(brands('avis'))).toThrow(reason('corrupt'));
  expect(() => inspectHeif(brands('heic'))).toThrow(reason('heic-not-supported'));
});

test('bytes after the last box are no damage', async () => {
  const photo = await quarters(60, 40).avif({ effort: 0 }).toBuffer();
  expect(() => inspectHeif(Buffer.concat([photo, Buffer.from('<script>alert(1)</script>')]))).not.toThrow();
});

test('boxes of any size and content end the reading', () => {
  for (let seed = 0; seed < 500; seed++) {
    const bytes = Buffer.concat([
      brands('avif'),
      box('meta', Buffer.from(Array.from({ length: 60 }, (_, i) => (seed * (i + 7) * 31) % 256))),
    ]);
    expect(() => inspectHeif(bytes)).toThrow(expect.objectContaining({ name: 'RejectedPhoto' }) as Error);
  }
});
