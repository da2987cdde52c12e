/** Bytes that introduce the blocks of a file (GIF89a specification). */
const extension = 0x21;
const frame = 0x2c;

/**
 * Returns whether a GIF ends in the middle of a block.
 *
 * libvips reads a truncated animation as one with fewer frames, without an error. A file that ends between two blocks
 * without a trailer is complete: many programs omit the trailer, and every browser accepts that.
 */
export function isTruncated(gif: Uint8Array): boolean {
  const at = (position: number): number => gif[position] ?? 0;
  const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0);
  /** Data comes in sub-blocks, each after its length; one of length 0 ends them. */
  const afterSubBlocks = (position: number): number => {
    let next = position;
    while (next < gif.length && at(next) !== 0) next += at(next) + 1;
    return next + 1;
  };

  let position = 13 + tableBytes(at(10));
  while (position < gif.length) {
    const introducer = at(position);
    if (introducer === extension) position = afterSubBlocks(position + 2);
    else if (introducer === frame) position = afterSubBlocks(position + 10 + tableBytes(at(position + 9)) + 1);
    // The trailer, or something that is not a block: left to the decoder.
    else return false;
  }
  return position > gif.length;
}
