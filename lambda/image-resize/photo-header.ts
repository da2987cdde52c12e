import type { Metadata } from 'sharp';
import type { Size } from './geometry';
import { isTruncated } from './gif-ending';
import { sharp } from './guarded-sharp';
import { classifyDecodeError, corrupt, RejectedPhoto } from './photo-errors';

/** Limits that are checked before a photo is read or decoded. */
export interface PhotoLimits {
  readonly maximumBytes: number;
  /** Width x height of all frames together. */
  readonly maximumPixels: number;
}

export interface Animation {
  readonly frames: number;
  /** Milliseconds, one a frame. */
  readonly delay: number[];
  /** Number of times it plays; 0 means forever. */
  readonly loop: number;
}

/** Facts from a photo's header. */
export interface PhotoHeader {
  readonly format: string;
  /** As displayed, after the EXIF orientation; of one frame. */
  readonly size: Size;
  readonly animation?: Animation;
}

const megapixels = (pixels: number): string => `${Number((pixels / 1e6).toFixed(1))} megapixels`;
const megabytes = (bytes: number): string => `${Number((bytes / 1_048_576).toFixed(1))} MB`;

/** Throws `RejectedPhoto` for a file that is empty or too large to be read. */
export function checkFileSize(bytes: number, { maximumBytes }: PhotoLimits): void {
  if (bytes === 0) throw new RejectedPhoto('empty', 'The file is empty: upload it again.');
  if (bytes > maximumBytes) {
    const message = `The file has ${megabytes(bytes)}, at most ${megabytes(maximumBytes)} are accepted: export it smaller.`;
    throw new RejectedPhoto('too-large', message);
  }
}

/**
 * Reads a photo's header, in milliseconds and without decoding a pixel, whatever size it claims.
 *
 * Throws `RejectedPhoto`. The format is detected from the content; names and content types are ignored.
 */
export async function readHeader(bytes: Uint8Array, { maximumPixels }: PhotoLimits): Promise<PhotoHeader> {
  if (isHeic(bytes)) throw heic();
  const metadata = await readMetadata(bytes);
  if (metadata.format === 'gif' && isTruncated(bytes)) throw corrupt();
  // AVIF's container may also hold HEVC, whose decoder sharp's prebuilt packages omit for patent reasons.
  if (metadata.format === 'heif' && metadata.compression !== 'av1') throw heic();

  const animated = (metadata.format === 'gif' || metadata.format === 'webp') && (metadata.pages ?? 1) > 1;
  const frames = animated ? (metadata.pages ?? 1) : 1;
  const pixels = metadata.width * metadata.height * frames;
  if (pixels > maximumPixels) {
    const message = `The image has ${megapixels(pixels)}, at most ${megapixels(maximumPixels)} are accepted: scale it down.`;
    throw new RejectedPhoto('too-many-pixels', message);
  }
  return {
    format: metadata.format === 'heif' ? 'avif' : metadata.format,
    // Animations are never rotated: libvips cannot, and browsers ignore the tag in them.
    size: animated ? { width: metadata.width, height: metadata.height } : metadata.autoOrient,
    ...(animated && { animation: { frames, delay: metadata.delay ?? [], loop: metadata.loop ?? 0 } }),
  };
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    // sharp's own limit would throw without the dimensions; the caller checks them instead.
    return await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    const unknown = error instanceof Error && error.message.includes('unsupported image format');
    // A TIFF's directory may be at its end: libvips does not recognize a truncated one.
    if (unknown && !isTiff(bytes)) {
      const accepted = 'JPEG, PNG, WebP, GIF, AVIF and TIFF';
      throw new RejectedPhoto('unsupported-format', `The file is not an image in an accepted format: use ${accepted}.`);
    }
    throw classifyDecodeError(error);
  }
}

function heic(): RejectedPhoto {
  return new RejectedPhoto('heic-not-supported', 'HEIC images are not accepted: export the photo as JPEG.');
}

/** Brands of HEVC images (ISO/IEC 23008-12) in the file type box that such a file starts with. */
const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];

function isHeic(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256));
  if (start.toString('latin1', 4, 8) !== 'ftyp') return false;
  const end = Math.min(start.readUInt32BE(0), start.length);
  const brands = [start.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(start.toString('latin1', at, at + 4));
  return brands.some((brand) => heicBrands.includes(brand)) && !brands.includes('avif') && !brands.includes('avis');
}

function isTiff(bytes: Uint8Array): boolean {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return magic === 'II*\0' || magic === 'MM\0*' || magic === 'II+\0' || magic === 'MM\0+';
}
