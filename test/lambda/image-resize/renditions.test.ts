import { outputKeys } from '../../../lambda/image-resize/object-keys';
import type { PhotoStore } from '../../../lambda/image-resize/stores';
import { PhotoRenderer } from '../../../lambda/image-resize/renditions';
import { sha256, type Variant } from '../../../lambda/image-resize/variants';
import { oriented } from './photos';

const variants: Variant[] = [
  { name: 'small', width: 30, height: 30, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'square', width: 20, height: 20, fit: 'cover', format: 'jpeg', quality: 80 },
];
const limits = { maximumBytes: 1_000_000, maximumPixels: 1_000_000 };
const configHash = 'a'.repeat(64);
const keys = outputKeys('', 'photo.jpg', variants);
const renderer = new PhotoRenderer({ variants, watermarks: new Map(), limits }, configHash, {
  remainingMilliseconds: 60_000,
});
const version = (size: number) => ({ key: 'photo.jpg', versionId: 'v1', etag: 'e', size });
const reading = (read: PhotoStore['read']): PhotoStore => ({
  read,
  current: () => Promise.resolve({ state: 'absent' }),
});

test('a manifest describes each variant, and the photo as it is displayed', async () => {
  const bytes = await oriented(6);
  const renditions = await renderer.render(
    version(bytes.length),
    reading(async () => bytes),
    keys,
  );
  expect(renditions?.manifest).toEqual({
    status: 'resized',
    source: { ...version(bytes.length), format: 'jpeg', width: 120, height: 80 },
    configHash,
    variants: [
      { name: 'small', key: 'photo.jpg/small.webp', width: 30, height: 20, contentType: 'image/webp' },
      { name: 'square', key: 'photo.jpg/square.jpeg', width: 20, height: 20, contentType: 'image/jpeg' },
    ].map((variant, index) => {
      const object = renditions?.objects[index];
      return { ...variant, bytes: object?.bytes.length, sha256: sha256(object?.bytes ?? '') };
    }),
  });
  expect(renditions?.objects.map(({ key }) => key)).toEqual(keys.variants);
});

test.each([
  ['empty', 0],
  ['too-large', 1_000_001],
])('a file that is %s is rejected unread', async (reason, size) => {
  const read = jest.fn();
  const renditions = await renderer.render(version(size), reading(read), keys);
  expect(renditions).toMatchObject({ objects: [], manifest: { status: 'rejected', reason, configHash, variants: [] } });
  expect(read).not.toHaveBeenCalled();
});

test('a version that is gone has no renditions', async () => {
  const gone = reading(async () => undefined);
  expect(await renderer.render(version(1), gone, keys)).toBeUndefined();
});

test('an error that a retry may fix is thrown', async () => {
  const slowDown = new Error('SlowDown');
  const failing = reading(() => Promise.reject(slowDown));
  await expect(renderer.render(version(1), failing, keys)).rejects.toBe(slowDown);
});
