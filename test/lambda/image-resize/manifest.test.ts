import { manifestSchema } from '../../../lambda/image-resize/manifest';

const source = { key: 'a', versionId: 'v', etag: 'e', size: 1 };
const recipe = 'a'.repeat(64);
const rejected = { status: 'rejected', reason: 'corrupt', message: 'damaged', source, recipe, variants: [] };

test('a manifest of a later release, with fields not known here, is still read', () => {
  expect(manifestSchema.parse({ ...rejected, added: 1 })).toEqual(rejected);
});

test.each([
  ['a rejection without a reason', { ...rejected, reason: undefined }],
  ['a rejection with variants', { ...rejected, variants: [{ name: 'a' }] }],
  ['a status that is none', { ...rejected, status: 'done' }],
  ['a resized photo without a size', { status: 'resized', source, recipe, variants: [] }],
])('%s is no manifest', (_, manifest) => {
  expect(manifestSchema.safeParse(manifest).success).toBe(false);
});
