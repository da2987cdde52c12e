import type { OverlayOptions } from 'sharp';
import type { Size } from './geometry';
import { sharp } from './guarded-sharp';
import type { Watermark } from './variants';

/** Prepares a watermark as a layer of exactly the canvas's size, to be laid over it, or over each frame of an animation. */
export async function watermarkLayer(image: Uint8Array, watermark: Watermark, canvas: Size): Promise<OverlayOptions> {
  const mark = await sharp(image)
    .ensureAlpha()
    .resize(Math.max(1, Math.round(canvas.width * watermark.scale)), canvas.height, { fit: 'inside' })
    // Colours stay, opacity is multiplied.
    .linear([1, 1, 1, watermark.opacity], [0, 0, 0, 0])
    .png()
    .toBuffer();
  const layer = await sharp({ create: { ...canvas, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input: mark, gravity: watermark.gravity }])
    .raw()
    .toBuffer();
  // libvips holds the frames of an animation one below the other, and knows no gravity within each: tiling from the
  // top repeats the layer once a frame.
  return { input: layer, raw: { ...canvas, channels: 4 }, tile: true, gravity: 'northwest' };
}
