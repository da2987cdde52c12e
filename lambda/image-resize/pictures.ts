import type { Sharp, SharpOptions } from 'sharp';
import { decodingFailure, resizeFailure } from './decoding-failure';
import { layOut, scaled, type Layout, type Size } from './geometry';
import { sharp } from './guarded-sharp';
import { readHeader, type Animation, type PhotoHeader, type PhotoLimits } from './photo-header';
import type { Format, Variant } from './variants';
import { watermarkLayer } from './watermark';

/** A variant, encoded. */
export interface Picture {
  readonly variant: Variant;
  readonly bytes: Buffer;
  /** Pixels; of one frame if the picture is animated. */
  readonly size: Size;
  readonly contentType: string;
}

export interface Pictures {
  readonly photo: PhotoHeader;
  /** In the order of the variants. */
  readonly pictures: readonly Picture[];
}

/** All that decides how pictures look beside the photo. */
export interface PictureSettings {
  readonly variants: readonly Variant[];
  /** The images that the variants name, PNG. */
  readonly watermarks: ReadonlyMap<string, Uint8Array>;
  readonly limits: PhotoLimits;
}

/** A photo, or a frame of it, that is ready to be made smaller. */
interface Negative {
  open(): Sharp;
  readonly animation: Animation | undefined;
}

const transparent = { r: 0, g: 0, b: 0, alpha: 0 };
const white = { r: 255, g: 255, b: 255, alpha: 1 };

/**
 * Makes every variant of a photo.
 *
 * Throws `RejectedPhoto` where the bytes can never become pictures, `ResizeFailed` where another attempt may succeed.
 */
export async function makePictures(
  bytes: Uint8Array,
  settings: PictureSettings,
  remainingMilliseconds: number,
): Promise<Pictures> {
  const photo = await readHeader(bytes, settings.limits);
  const seconds = Math.max(1, Math.floor(remainingMilliseconds / 1_000));
  const moving = settings.variants.filter((variant) => photo.animation && variant.format === 'webp');
  const still = settings.variants.filter((variant) => !moving.includes(variant));

  const made = new Map<Variant, Picture>();
  if (still.length > 0) {
    const negative = await develop(bytes, photo, still, seconds);
    const work = still.map((variant) => print(negative, photo, variant, settings.watermarks, seconds));
    try {
      for (const picture of await Promise.all(work)) made.set(picture.variant, picture);
    } catch (error) {
      throw resizeFailure(error);
    }
  }
  // One after the other: each decodes all frames, which may be the whole pixel limit.
  for (const variant of moving) {
    const negative: Negative = { open: () => openPhoto(bytes, { animated: true }), animation: photo.animation };
    try {
      made.set(variant, await print(negative, photo, variant, settings.watermarks, seconds));
    } catch (error) {
      throw decodingFailure(error);
    }
  }
  return { photo, pictures: settings.variants.flatMap((variant) => made.get(variant) ?? []) };
}

/** `error` still reads the many photos that decoders only warn of, and refuses every truncated one. */
function openPhoto(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { limitInputPixels: false, failOn: 'error', ...options });
}

/**
 * Decodes a photo once, upright, in sRGB, and no larger than its largest variant needs.
 *
 * Once, because decoding takes most of the memory (a 16-bit interlaced PNG of 50 megapixels: 400 MB) and, large photos,
 * most of the time. No larger, because a JPEG can be decoded at an eighth of its size for a fraction of the work.
 */
async function develop(
  bytes: Uint8Array,
  photo: PhotoHeader,
  variants: readonly Variant[],
  seconds: number,
): Promise<Negative> {
  const size = scaled(photo.size, Math.max(...variants.map((variant) => layOut(photo.size, variant).scale)));
  try {
    const { data, info } = await openPhoto(bytes)
      .autoOrient()
      .resize({ ...size, fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .timeout({ seconds })
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    return { open: () => sharp(data, { raw, limitInputPixels: false }), animation: undefined };
  } catch (error) {
    throw decodingFailure(error);
  }
}

/** Makes one variant. What comes out was drawn from pixels alone, so it carries no metadata of the photo. */
async function print(
  negative: Negative,
  photo: PhotoHeader,
  variant: Variant,
  watermarks: ReadonlyMap<string, Uint8Array>,
  seconds: number,
): Promise<Picture> {
  const layout = layOut(photo.size, variant);
  const background = variant.format === 'jpeg' ? white : transparent;
  const image = negative
    .open()
    .resize({ ...layout.photo, fit: variant.fit === 'cover' ? 'cover' : 'fill' })
    .timeout({ seconds });
  pad(image, layout, background);
  if (variant.watermark) {
    const mark = watermarks.get(variant.watermark.image);
    if (!mark) throw new Error(`watermark ${variant.watermark.image} is not among the assets`);
    image.composite([await watermarkLayer(mark, variant.watermark, layout.canvas)]);
  }
  if (variant.format === 'jpeg') image.flatten({ background: white });
  encode(image, variant, negative.animation);
  const bytes = await image.toBuffer();
  return { variant, bytes, size: layout.canvas, contentType: contentTypes[variant.format] };
}

function pad(image: Sharp, { photo, canvas }: Layout, background: typeof white): void {
  const across = canvas.width - photo.width;
  const down = canvas.height - photo.height;
  if (across <= 0 && down <= 0) return;
  const left = Math.floor(across / 2);
  const top = Math.floor(down / 2);
  image.extend({ left, right: across - left, top, bottom: down - top, background });
}

const contentTypes: Record<Format, string> = {
  webp: 'image/webp',
  avif: 'image/avif',
  jpeg: 'image/jpeg',
  png: 'image/png',
};

function encode(image: Sharp, { format, quality }: Variant, animation: Animation | undefined): void {
  switch (format) {
    case 'webp':
      image.webp({ quality, ...(animation && { delay: animation.delay, loop: animation.loop }) });
      break;
    case 'avif':
      image.avif({ quality });
      break;
    case 'jpeg':
      image.jpeg({ quality, progressive: true });
      break;
    case 'png':
      // With `quality` sharp would reduce a PNG to a palette; it stays lossless.
      image.png();
  }
}
