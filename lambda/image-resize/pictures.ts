import type { OverlayOptions, Sharp, SharpOptions } from 'sharp';
import { decodingFailure, resizeFailure, ResizeFailed } from './decoding-failure';
import { contentTypes, encode } from './encoding';
import { layOut, scaled, type Layout, type Size } from './geometry';
import { sharp } from './guarded-sharp';
import { readHeader, type Animation, type PhotoHeader, type PhotoLimits } from './photo-header';
import type { Variant } from './variants';
import { watermarkOverlay } from './watermark';

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

/** A variant to be made, and what is laid over it. */
interface Draft {
  readonly variant: Variant;
  readonly overlay: OverlayOptions | undefined;
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
  const isMoving = (variant: Variant): boolean => photo.animation !== undefined && variant.format === 'webp';
  const overlays = await prepareWatermarks(photo, settings, isMoving);
  const drafts = settings.variants.map((variant) => ({ variant, overlay: overlays.get(variant) }));
  const [stills, animations] = await Promise.all([
    printStills(
      bytes,
      photo,
      drafts.filter(({ variant }) => !isMoving(variant)),
      seconds,
    ),
    printAnimations(
      bytes,
      photo,
      drafts.filter(({ variant }) => isMoving(variant)),
      seconds,
    ),
  ]);
  const made = new Map([...stills, ...animations].map((picture) => [picture.variant, picture]));
  return { photo, pictures: settings.variants.flatMap((variant) => made.get(variant) ?? []) };
}

/** Made before decoding, so that what is wrong with a watermark is never taken for a fault of the photo. */
async function prepareWatermarks(
  photo: PhotoHeader,
  { variants, watermarks }: PictureSettings,
  isMoving: (variant: Variant) => boolean,
): Promise<Map<Variant, OverlayOptions>> {
  const overlays = new Map<Variant, OverlayOptions>();
  for (const variant of variants) {
    const { watermark } = variant;
    if (!watermark) continue;
    const image = watermarks.get(watermark.image);
    if (!image) throw new ResizeFailed(`watermark ${watermark.image} is not among the assets: add it or name another`);
    try {
      const { canvas } = layOut(photo.size, variant);
      overlays.set(variant, await watermarkOverlay(image, watermark, canvas, isMoving(variant)));
    } catch (error) {
      throw resizeFailure(error);
    }
  }
  return overlays;
}

async function printStills(
  bytes: Uint8Array,
  photo: PhotoHeader,
  drafts: readonly Draft[],
  seconds: number,
): Promise<Picture[]> {
  if (drafts.length === 0) return [];
  const variants = drafts.map(({ variant }) => variant);
  const negative = await develop(bytes, photo, variants, seconds);
  try {
    return await Promise.all(drafts.map((draft) => print(negative, photo, draft, seconds)));
  } catch (error) {
    throw resizeFailure(error);
  }
}

/** Each variant decodes for itself: libvips resizes frame by frame only what it decodes as an animation. */
async function printAnimations(
  bytes: Uint8Array,
  photo: PhotoHeader,
  drafts: readonly Draft[],
  seconds: number,
): Promise<Picture[]> {
  const negative: Negative = { open: () => openPhoto(bytes, { animated: true }), animation: photo.animation };
  try {
    return await Promise.all(drafts.map((draft) => print(negative, photo, draft, seconds)));
  } catch (error) {
    throw decodingFailure(error);
  }
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
  { variant, overlay }: Draft,
  seconds: number,
): Promise<Picture> {
  const layout = layOut(photo.size, variant);
  const background = variant.format === 'jpeg' ? white : transparent;
  const image = negative
    .open()
    .resize({ ...layout.photo, fit: variant.fit === 'cover' ? 'cover' : 'fill' })
    .timeout({ seconds });
  pad(image, layout, background);
  if (overlay) image.composite([overlay]);
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
