/** The marks of the GIF89a specification that a file's blocks begin with. */
const extension = 0x21;
const frame = 0x2c;

/**
 * Tells whether a GIF ends in the middle of a block.
 *
 * libvips shows an animation that was cut off as if it had fewer frames, and says nothing. A file that ends between two
 * blocks without the final mark is whole: many programs forget that mark, and every browser forgives them.
 */
export function isCutOff(gif: Uint8Array): boolean {
  const at = (position: number): number => gif[position] ?? 0;
  const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0);
  /** Data comes in pieces, each after its length; a piece of length 0 ends it. */
  const afterPieces = (position: number): number => {
    let next = position;
    while (next < gif.length && at(next) !== 0) next += at(next) + 1;
    return next + 1;
  };

  let position = 13 + tableBytes(at(10));
  while (position < gif.length) {
    const mark = at(position);
    if (mark === extension) position = afterPieces(position + 2);
    else if (mark === frame) position = afterPieces(position + 10 + tableBytes(at(position + 9)) + 1);
    // The final mark, or something that is no block: for decoders to judge.
    else return false;
  }
  return position > gif.length;
}
