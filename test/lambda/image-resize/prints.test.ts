import { outputKeys } from '../../../lambda/image-resize/object-keys';
import { printer } from '../../../lambda/image-resize/prints';
import { sha256 } from '../../../lambda/image-resize/recipe';
import type { Variant } from '../../../lambda/image-resize/variants';
import { oriented } from './photos';

const variants: Variant[] = [
  { name: 'small', width: 30, height: 30, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'square', width: 20, height: 20, fit: 'cover', format: 'jpeg', quality: 80 },
];
const limits = { maximumBytes: 1_000_000, maximumPixels: 1_000_000 };
const recipe = 'a'.repeat(64);
const keys = outputKeys('', 'photo.jpg', variants);
const print = printer({ variants, watermarks: new Map(), limits }, recipe, () => 60_000);
const version = (size: number) => ({ key: 'photo.jpg', versionId: 'v1', etag: 'e', size });

test('a manifest says of each object what it is, and of the photo how it is displayed', async () => {
  const bytes = await oriented(6);
  const prints = await print(version(bytes.length), async () => bytes, keys);
  expect(prints?.manifest).toEqual({
    status: 'resized',
    source: { ...version(bytes.length), format: 'jpeg', width: 120, height: 80 },
    recipe,
    variants: [
      { name: 'small', key: 'photo.jpg/small.webp', width: 30, height: 20, contentType: 'image/webp' },
      { name: 'square', key: 'photo.jpg/square.jpeg', width: 20, height: 20, contentType: 'image/jpeg' },
    ].map((variant, index) => {
      const object = prints?.objects[index];
      return { ...variant, bytes: object?.bytes.length, sha256: sha256(object?.bytes ?? '') };
    }),
  });
  expect(prints?.objects.map(({ key }) => key)).toEqual(keys.variants);
});

test.each([
  ['empty', 0],
  ['too-large', 1_000_001],
])('a file that is %s is rejected unread', async (reason, size) => {
  const read = jest.fn();
  const prints = await print(version(size), read, keys);
  expect(prints).toMatchObject({ objects: [], manifest: { status: 'rejected', reason, recipe, variants: [] } });
  expect(read).not.toHaveBeenCalled();
});

test('a version that is gone has no prints', async () => {
  expect(await print(version(1), async () => undefined, keys)).toBeUndefined();
});

test('what a retry may cure is thrown', async () => {
  const slowDown = new Error('SlowDown');
  await expect(print(version(1), () => Promise.reject(slowDown), keys)).rejects.toBe(slowDown);
});
