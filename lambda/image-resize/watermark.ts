import type { OverlayOptions } from 'sharp';
import type { Size } from './geometry';
import { sharp } from './guarded-sharp';
import type { Watermark } from './variants';

/** Prepares a watermark to be laid over a canvas, or over each frame of an animation whose frames have that size. */
export async function watermarkOverlay(
  image: Uint8Array,
  watermark: Watermark,
  canvas: Size,
  animated: boolean,
): Promise<OverlayOptions> {
  const scaledMark = await sharp(image)
    .ensureAlpha()
    .resize(Math.max(1, Math.round(canvas.width * watermark.scale)), canvas.height, { fit: 'inside' })
    // Keeps the colors and multiplies the opacity.
    .linear([1, 1, 1, watermark.opacity], [0, 0, 0, 0])
    .png()
    .toBuffer();
  const overlay = { input: scaledMark, gravity: watermark.gravity };
  if (!animated) return overlay;
  // libvips stores the frames of an animation as one tall image and cannot position an overlay within each. A layer as
  // large as a frame, tiled from the top, repeats once a frame.
  const transparent = { r: 0, g: 0, b: 0, alpha: 0 };
  const layer = await sharp({ create: { ...canvas, channels: 4, background: transparent } })
    .composite([overlay])
    .raw()
    .toBuffer();
  return { input: layer, raw: { ...canvas, channels: 4 }, tile: true, gravity: 'northwest' };
}
