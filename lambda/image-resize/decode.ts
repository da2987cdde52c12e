import type { Sharp, SharpOptions } from 'sharp';
import { layOut, scaled } from './geometry';
import { sharp } from './guarded-sharp';
import { classifyDecodeError } from './photo-errors';
import type { PhotoHeader } from './photo-header';
import { selectChannels, unpremultiply, type Pixels } from './pixels';
import type { Variant } from './variants';

/** A decoded photo, or a frame of it, that can be resized any number of times. */
export interface DecodedImage {
  open(): Sharp;
}

/** Opens a photo. `error` accepts photos that decoders only warn about, and refuses every truncated one. */
export function openPhoto({ encoded, page }: PhotoHeader, options: SharpOptions = {}): Sharp {
  const failOn = encoded.strict === true ? 'warning' : 'error';
  return sharp(encoded.bytes, { limitInputPixels: false, failOn, ...(page !== undefined && { page }), ...options });
}

/**
 * Decodes a photo once: upright, in sRGB, and no larger than its largest variant needs.
 *
 * Once, because decoding takes most of the memory (a 16-bit interlaced PNG of 50 megapixels: 400 MB) and, for large
 * photos, most of the time. No larger, because a JPEG can be decoded at an eighth of its size for a fraction of the work.
 */
export async function decodePhoto(
  header: PhotoHeader,
  variants: readonly Variant[],
  seconds: number,
): Promise<DecodedImage> {
  const size = scaled(header.size, Math.max(...variants.map((variant) => layOut(header.size, variant).scale)));
  try {
    const source = await correctPixels(header, seconds);
    const pixels = await readPixels(source.resize({ ...size, fit: 'fill' }), seconds);
    return { open: () => fromPixels(pixels) };
  } catch (error) {
    throw classifyDecodeError(error);
  }
}

/** Corrects pixels at their full size: resizing would mix a meaningless alpha channel into the colors. */
async function correctPixels(header: PhotoHeader, seconds: number): Promise<Sharp> {
  const image = openPhoto(header).autoOrient();
  const { channels, premultiplied } = header.encoded;
  if (channels === undefined && premultiplied !== true) return image;
  let pixels = await readPixels(image, seconds);
  if (channels !== undefined) pixels = selectChannels(pixels, channels);
  if (premultiplied === true) unpremultiply(pixels);
  return fromPixels(pixels);
}

async function readPixels(image: Sharp, seconds: number): Promise<Pixels> {
  const { data, info } = await image
    .toColorspace('srgb')
    .raw()
    .timeout({ seconds })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: channels as 3 | 4 }, limitInputPixels: false });
}
