/** File names that break what decodes a key twice, not at all, or takes it for a path or a pattern. */
export const oddNames: readonly string[] = [
  'a space.jpg',
  'two  spaces and a trailing one .jpg',
  'a+plus.jpg',
  'a%20literal.jpg',
  'a%2Bliteral.jpg',
  '100% sure.jpg',
  '50%25.jpg',
  'this&that=1?yes#no.jpg',
  `single'quote.jpg`,
  'double"quote.jpg',
  '<b>brackets</b>[1]{2}(3).jpg',
  'back\\slash.jpg',
  'pipe|tilde~caret^tick`.jpg',
  'dollar$$at@colon:semi;comma,bang!star*.jpg',
  // The same word to a reader, two keys to S3: composed, then decomposed letters.
  'Grüße.jpg'.normalize('NFC'),
  'Grüße.jpg'.normalize('NFD'),
  '写真とカメラ.jpg',
  'صورة.jpg',
  'holiday 🏖️👩‍👩‍👧.jpg',
  'deep/er/and/deeper/photo.jpg',
  'double//slash.jpg',
  '.hidden/..jpg/photo...jpg',
  'no-extension',
  'UPPER.JPG',
  'looks/like/manifest.json',
];

/** A key of exactly so many UTF-8 bytes that starts with the prefix; umlauts make characters and bytes differ. */
export function keyOfLength(prefix: string, bytes: number): string {
  const rest = bytes - Buffer.byteLength(prefix);
  if (rest < 1)
    throw new RangeError(
      `a key of ${bytes} bytes cannot start with the ${Buffer.byteLength(prefix)} bytes of '${prefix}'`,
    );
  return prefix + 'ü'.repeat(Math.floor(rest / 2)) + 'x'.repeat(rest % 2);
}
