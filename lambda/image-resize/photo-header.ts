import type { Metadata } from 'sharp';
import type { EncodedPhoto } from './formats/encoded-photo';
import { inspectGif } from './formats/gif';
import { inspectHeif, isHeif } from './formats/heif';
import { inspectJpeg } from './formats/jpeg';
import { inspectTiff } from './formats/tiff';
import type { Size } from './geometry';
import { sharp } from './guarded-sharp';
import { classifyDecodeError, RejectedPhoto, unsupportedEncoding } from './photo-errors';

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
  /** Index of the image to decode. @default 0 */
  readonly page?: number;
  readonly encoded: EncodedPhoto;
}

/** Longest frame delay, in milliseconds, and most loops that the WebP encoder takes. */
const maximumDelay = 65_535;
const maximumLoops = 65_535;

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
  const encoded = inspect(bytes);
  const { metadata, page } = await readMetadata(encoded);
  checkDecodable(metadata);

  const canMove = metadata.format === 'gif' || metadata.format === 'webp';
  const frames = canMove ? (metadata.pages ?? 1) - (encoded.appendedFrames ?? 0) : 1;
  const pixels = metadata.width * metadata.height * frames;
  if (pixels > maximumPixels) {
    const message = `The image has ${megapixels(pixels)}, at most ${megapixels(maximumPixels)} are accepted: scale it down.`;
    throw new RejectedPhoto('too-many-pixels', message);
  }
  return {
    format: metadata.format === 'heif' ? 'avif' : metadata.format,
    // Animations are never rotated: libvips cannot, and browsers ignore the tag in them.
    size: frames > 1 ? { width: metadata.width, height: metadata.height } : metadata.autoOrient,
    ...(frames > 1 && { animation: animationOf(metadata, frames) }),
    ...(page > 0 && { page }),
    encoded,
  };
}

function inspect(bytes: Uint8Array): EncodedPhoto {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1');
  if (start.startsWith('\xff\xd8\xff')) return inspectJpeg(bytes);
  if (/^GIF8[79]a/.test(start)) return inspectGif(bytes);
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return inspectTiff(bytes);
  if (start.startsWith('\x89PNG\r\n\x1a\n') || /^RIFF.{4}WEBP/s.test(start)) return { bytes };
  if (isHeif(bytes)) return inspectHeif(bytes);
  const accepted = 'JPEG, PNG, WebP, GIF, AVIF and TIFF';
  throw new RejectedPhoto('unsupported-format', `The file is not an image in an accepted format: use ${accepted}.`);
}

/** Reads the header of the image to decode: in an AVIF the primary image, elsewhere the first one. */
async function readMetadata({ bytes }: EncodedPhoto): Promise<{ metadata: Metadata; page: number }> {
  try {
    // sharp's own limit would throw without the dimensions; the caller checks them instead.
    const options = { limitInputPixels: false, failOn: 'error' } as const;
    const metadata = await sharp(bytes, options).metadata();
    const page = metadata.pagePrimary ?? 0;
    return { metadata: page === 0 ? metadata : await sharp(bytes, { ...options, page }).metadata(), page };
  } catch (error) {
    throw classifyDecodeError(error);
  }
}

/** Refuses pixels that sharp would convert to wrong tones: signed integers, floating point, and unknown color spaces. */
function checkDecodable({ depth, space, channels }: Metadata): void {
  const isKnown = ['srgb', 'rgb16', 'b-w', 'grey16', 'cmyk'].includes(space);
  if (!isKnown || !['uchar', 'ushort'].includes(depth) || channels > 5) throw unsupportedEncoding();
}

/** Keeps delays and loops within what the WebP encoder takes: GIF counts one more, and WebP holds delays of hours. */
function animationOf({ delay = [], loop = 0 }: Metadata, frames: number): Animation {
  return {
    frames,
    delay: delay.slice(0, frames).map((milliseconds) => Math.min(milliseconds, maximumDelay)),
    loop: Math.min(loop, maximumLoops),
  };
}
