import type { Metadata } from 'sharp';
import { corrupt, decodingFailure } from './decoding-failure';
import type { Size } from './geometry';
import { isCutOff } from './gif-ending';
import { sharp } from './guarded-sharp';
import { RejectedPhoto } from './rejected-photo';

/** What is judged before a photo is read or decoded. */
export interface PhotoLimits {
  readonly maximumBytes: number;
  /** Width x height of all frames together. */
  readonly maximumPixels: number;
}

export interface Animation {
  readonly frames: number;
  /** Milliseconds, one a frame. */
  readonly delay: number[];
  /** How often it plays, 0 for ever. */
  readonly loop: number;
}

/** What a photo's header says. */
export interface PhotoHeader {
  readonly format: string;
  /** As displayed, after the EXIF orientation; of one frame. */
  readonly size: Size;
  readonly animation?: Animation;
}

const megapixels = (pixels: number): string => `${Number((pixels / 1e6).toFixed(1))} megapixels`;
const megabytes = (bytes: number): string => `${Number((bytes / 1_048_576).toFixed(1))} MB`;

/** Throws `RejectedPhoto` where a file's size alone forbids reading it. */
export function judgeBytes(bytes: number, { maximumBytes }: PhotoLimits): void {
  if (bytes === 0) throw new RejectedPhoto('empty', 'The file is empty: upload it again.');
  if (bytes > maximumBytes) {
    const message = `The file has ${megabytes(bytes)}, at most ${megabytes(maximumBytes)} are accepted: export it smaller.`;
    throw new RejectedPhoto('too-large', message);
  }
}

/**
 * Reads a photo's header, in milliseconds and without decoding a pixel, whatever size it claims to be.
 *
 * Throws `RejectedPhoto`. The format is decided by content; names and content types are never looked at.
 */
export async function readHeader(bytes: Uint8Array, { maximumPixels }: PhotoLimits): Promise<PhotoHeader> {
  if (isHeic(bytes)) throw heic();
  const metadata = await readMetadata(bytes);
  if (metadata.format === 'gif' && isCutOff(bytes)) throw corrupt();
  // The container of AVIF also holds HEVC, whose decoder sharp's prebuilt packages leave out for patent reasons.
  if (metadata.format === 'heif' && metadata.compression !== 'av1') throw heic();

  const animated = (metadata.format === 'gif' || metadata.format === 'webp') && (metadata.pages ?? 1) > 1;
  const frames = animated ? (metadata.pages ?? 1) : 1;
  const pixels = metadata.width * metadata.height * frames;
  if (pixels > maximumPixels) {
    const message = `The picture has ${megapixels(pixels)}, at most ${megapixels(maximumPixels)} are accepted: scale it down.`;
    throw new RejectedPhoto('too-many-pixels', message);
  }
  return {
    format: metadata.format === 'heif' ? 'avif' : metadata.format,
    // Animations are never turned: libvips cannot, and browsers ignore the tag in them.
    size: animated ? { width: metadata.width, height: metadata.height } : metadata.autoOrient,
    ...(animated && { animation: { frames, delay: metadata.delay ?? [], loop: metadata.loop ?? 0 } }),
  };
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    // sharp's own limit would throw without telling the size; the size is judged by the caller instead.
    return await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    const unknown = error instanceof Error && error.message.includes('unsupported image format');
    // A TIFF's directory is at its end: of one that was cut off, libvips recognizes nothing.
    if (unknown && !isTiff(bytes)) {
      const accepted = 'JPEG, PNG, WebP, GIF, AVIF and TIFF';
      throw new RejectedPhoto(
        'unsupported-format',
        `The file is not a picture of a format accepted here: use ${accepted}.`,
      );
    }
    throw decodingFailure(error);
  }
}

function heic(): RejectedPhoto {
  return new RejectedPhoto('heic-not-supported', 'HEIC pictures are not accepted: export the picture as JPEG.');
}

/** The brands of HEVC pictures (ISO/IEC 23008-12), in the file type box that such a file starts with. */
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
