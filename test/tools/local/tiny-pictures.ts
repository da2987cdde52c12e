/** Of one pixel, but for the JPEG, which ends after a header of 2 x 1, and the GIF, which has two frames. */
export const tinyPictures = {
  'image/png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  'image/jpeg': Buffer.from('ffd8ffc0001108000100020301220002110103110100', 'hex'),
  'image/webp': Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64'),
  'image/gif': Buffer.from(
    `474946383961010001008000000000ffffff${'21f904000a0000002c0000000001000100000202440100'.repeat(2)}3b`,
    'hex',
  ),
};

/** The tiny picture that the name of a file asks for by its ending. */
export function tinyPicture(file: string): Buffer {
  if (file.endsWith('.jpg')) return tinyPictures['image/jpeg'];
  if (file.endsWith('.webp')) return tinyPictures['image/webp'];
  return file.endsWith('.gif') ? tinyPictures['image/gif'] : tinyPictures['image/png'];
}
