import { manifestSchema } from '../../../lambda/image-resize/manifest';

const source = { key: 'a', versionId: 'v', etag: 'e', size: 1 };
const configHash = 'a'.repeat(64);
const rejected = { status: 'rejected', reason: 'corrupt', message: 'damaged', source, configHash, variants: [] };

test('a manifest of a later release, with unknown fields, is still read', () => {
  expect(manifestSchema.parse({ ...rejected, added: 1 })).toEqual(rejected);
});

test('a manifest of a release without a config hash is read, and has none', () => {
  expect(manifestSchema.parse({ ...rejected, configHash: undefined })).toEqual({ ...rejected, configHash: '' });
});

test.each([
  ['a rejection without a reason', { ...rejected, reason: undefined }],
  ['a rejection with variants', { ...rejected, variants: [{ name: 'a' }] }],
  ['an unknown status', { ...rejected, status: 'done' }],
  ['a resized photo without a size', { status: 'resized', source, configHash, variants: [] }],
])('%s is not a manifest', (_, manifest) => {
  expect(manifestSchema.safeParse(manifest).success).toBe(false);
});
