import { corrupt } from '../photo-errors';
import type { EncodedPhoto } from './encoded-photo';

/** Bytes that introduce the blocks of a file (GIF89a specification). */
const extension = 0x21;
const imageDescriptor = 0x2c;
const trailer = 0x3b;
const graphicControl = 0xf9;

/** Facts from the blocks of a GIF. */
interface GifBlocks {
  /** The file ends in the middle of a block. */
  readonly truncated: boolean;
  /** Offset of the trailer, or of the end of the blocks if there is none. */
  readonly end: number;
  readonly frames: number;
  readonly firstFrameCoversCanvas: boolean;
  readonly hasTransparency: boolean;
}

/** A graphic control extension with the transparency flag, and an image of one pixel with a color table of its own. */
const transparentFrame = Buffer.concat([
  Buffer.from('21f9040100000000', 'hex'),
  Buffer.from('2c000000000100010080000000000000', 'hex'),
  Buffer.from('0202440100', 'hex'),
]);

/**
 * Prepares a GIF for libvips.
 *
 * libvips reads a truncated animation as one with fewer frames, without an error. It also leaves out the alpha channel, so
 * that uncovered parts of the canvas are black, unless some frame has transparency: where the first frame is smaller than
 * the canvas, a transparent frame is appended, which is never decoded itself.
 *
 * @throws RejectedPhoto for a truncated file
 */
export function inspectGif(bytes: Uint8Array): EncodedPhoto {
  const blocks = readBlocks(bytes);
  if (blocks.truncated) throw corrupt();
  if (blocks.frames === 0 || blocks.firstFrameCoversCanvas || blocks.hasTransparency) return { bytes };
  const parts = [bytes.subarray(0, blocks.end), transparentFrame, Buffer.from([trailer])];
  return { bytes: Buffer.concat(parts), appendedFrames: 1 };
}

/**
 * Reads the blocks without decoding a pixel.
 *
 * A file that ends between two blocks without a trailer is complete: many programs omit the trailer, and every browser
 * accepts that.
 */
export function readBlocks(gif: Uint8Array): GifBlocks {
  const at = (position: number): number => gif[position] ?? 0;
  const u16 = (position: number): number => at(position) | (at(position + 1) << 8);
  const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0);
  /** Data comes in sub-blocks, each after its length; one of length 0 ends them. */
  const afterSubBlocks = (position: number): number => {
    let next = position;
    while (next < gif.length && at(next) !== 0) next += at(next) + 1;
    return next + 1;
  };

  let position = 13 + tableBytes(at(10));
  let frames = 0;
  let hasTransparency = false;
  let firstFrameCoversCanvas = true;
  while (position < gif.length) {
    const introducer = at(position);
    if (introducer === extension) {
      if (at(position + 1) === graphicControl && (at(position + 3) & 1) === 1) hasTransparency = true;
      position = afterSubBlocks(position + 2);
    } else if (introducer === imageDescriptor) {
      if (frames === 0) {
        const startsAtOrigin = u16(position + 1) === 0 && u16(position + 3) === 0;
        firstFrameCoversCanvas = startsAtOrigin && u16(position + 5) >= u16(6) && u16(position + 7) >= u16(8);
      }
      frames += 1;
      position = afterSubBlocks(position + 10 + tableBytes(at(position + 9)) + 1);
    }
    // The trailer, or something that is not a block: left to the decoder.
    else break;
  }
  const end = Math.min(position, gif.length);
  return { truncated: position > gif.length, end, frames, firstFrameCoversCanvas, hasTransparency };
}
