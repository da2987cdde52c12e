import fc from 'fast-check';
import { codePoint } from '../../code-points';
import { belongsTo, decodeObjectKey, outputKeys, isTooLong } from '../../../lambda/image-resize/object-keys';

const variants = [
  { name: 'thumbnail', format: 'webp' },
  { name: 'large', format: 'avif' },
] as const;

/** Encodes a key as S3 notifications do. */
const encodeAsS3 = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

test('every key that S3 encodes is decoded to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint, minLength: 1 }), (key) => {
      expect(decodeObjectKey(encodeAsS3(key))).toBe(key);
    }),
  );
});

test.each([
  ['a+b.jpg', 'a b.jpg'],
  ['a%2Bb.jpg', 'a+b.jpg'],
  ['100%25.jpg', '100%.jpg'],
  ['a%2520b.jpg', 'a%20b.jpg'],
  ['M%C3%BCnchen%2B%26+%22quotes%22/%F0%9F%8C%84.jpg', 'München+& "quotes"/🌄.jpg'],
])('%s is decoded once', (encoded, key) => {
  expect(decodeObjectKey(encoded)).toBe(key);
});

test('output keys contain the source key unchanged', () => {
  expect(outputKeys('', 'a b/ü+%.jpg', variants)).toEqual({
    manifest: 'a b/ü+%.jpg/manifest.json',
    variants: ['a b/ü+%.jpg/thumbnail.webp', 'a b/ü+%.jpg/large.avif'],
  });
});

test('two photos never share an output key', () => {
  const part = fc.constantFrom('a', 'b', 'large.avif', 'thumbnail.webp', 'manifest.json', '');
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(key, key, (one, other) => {
      fc.pre(one !== other);
      const all = (of: string): string[] => {
        const keys = outputKeys('resized/', of, variants);
        return [keys.manifest, ...keys.variants];
      };
      expect(all(one).filter((name) => all(other).includes(name))).toEqual([]);
      expect(all(other).some((name) => belongsTo(outputKeys('resized/', one, variants), name))).toBe(false);
      expect(all(one).every((name) => belongsTo(outputKeys('resized/', one, variants), name))).toBe(true);
    }),
  );
});

test('a key is too long when its longest output key exceeds 1,024 bytes of UTF-8', () => {
  const longest = '/thumbnail.webp'.length;
  expect(isTooLong(outputKeys('', 'a'.repeat(1_024 - longest), variants))).toBe(false);
  expect(isTooLong(outputKeys('', 'a'.repeat(1_025 - longest), variants))).toBe(true);
  expect(isTooLong(outputKeys('', '🌄'.repeat(252), variants))).toBe(false);
  expect(isTooLong(outputKeys('', '🌄'.repeat(253), variants))).toBe(true);
});
