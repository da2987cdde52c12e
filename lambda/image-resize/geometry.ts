import type { Variant } from './variants';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Placement of a photo on a variant. */
export interface Layout {
  /** The whole photo's scale, at most 1. */
  readonly scale: number;
  /** The photo's part on the canvas, after scaling and cropping. */
  readonly photo: Size;
  /** The variant; larger than `photo` only where `contain` pads it. */
  readonly canvas: Size;
}

/** WebP's longest side; it limits the side that a variant leaves open. */
const longestSide = 16_383;

/** Places a photo of `size` (as displayed) on a variant, without ever enlarging it. */
export function layOut(size: Size, variant: Pick<Variant, 'width' | 'height' | 'fit'>): Layout {
  const bounds = { width: variant.width ?? longestSide, height: variant.height ?? longestSide };
  if (variant.fit === 'cover') return cover(size, bounds);
  const scale = Math.min(1, bounds.width / size.width, bounds.height / size.height);
  const photo = scaled(size, scale);
  return { scale, photo, canvas: variant.fit === 'contain' ? bounds : photo };
}

/** Returns the size after scaling; each side has at least one pixel, however narrow the photo is. */
export function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A photo smaller than the bounds is cropped to their aspect ratio at its own resolution: a square stays a square. */
function cover(size: Size, bounds: Size): Layout {
  const canvas = scaled(bounds, Math.min(1, size.width / bounds.width, size.height / bounds.height));
  const scale = Math.min(1, Math.max(canvas.width / size.width, canvas.height / size.height));
  return { scale, photo: canvas, canvas };
}
