import type { Sharp, SharpOptions } from 'sharp';
import { layOut, scaled } from './geometry';
import { sharp } from './guarded-sharp';
import { classifyDecodeError } from './photo-errors';
import type { PhotoHeader } from './photo-header';
import type { Variant } from './variants';

/** A decoded photo, or a frame of it, that can be resized any number of times. */
export interface DecodedImage {
  open(): Sharp;
}

/** Opens a photo. `error` accepts photos that decoders only warn about, and refuses every truncated one. */
export function openPhoto(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { limitInputPixels: false, failOn: 'error', ...options });
}

/**
 * Decodes a photo once: upright, in sRGB, and no larger than its largest variant needs.
 *
 * Once, because decoding takes most of the memory (a 16-bit interlaced PNG of 50 megapixels: 400 MB) and, for large
 * photos, most of the time. No larger, because a JPEG can be decoded at an eighth of its size for a fraction of the work.
 */
export async function decodePhoto(
  bytes: Uint8Array,
  header: PhotoHeader,
  variants: readonly Variant[],
  seconds: number,
): Promise<DecodedImage> {
  const size = scaled(header.size, Math.max(...variants.map((variant) => layOut(header.size, variant).scale)));
  try {
    const { data, info } = await openPhoto(bytes)
      .autoOrient()
      .resize({ ...size, fit: 'fill' })
      .toColorspace('srgb')
      .raw()
      .timeout({ seconds })
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    return { open: () => sharp(data, { raw, limitInputPixels: false }) };
  } catch (error) {
    throw classifyDecodeError(error);
  }
}
