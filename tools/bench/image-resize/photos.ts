import sharp from 'sharp';
import { readPhotograph } from '../../../scenarios/image-resize/photographs';

export const photographs = ['coffee', 'hubble-deep-field'] as const;

/** 10.8 megapixels; every width below gives an integer height, from an eighth of the photo too. */
export const [width, height] = [4_160, 2_600];
export const widths = [1_600, 800, 400] as const;

/** Amplitude of the grain, of 255. */
const grain = 6;

/** Returns a photograph of any size, equal at every call, with a sensor's grain: enlarged alone it would be too smooth. */
export async function makePhoto(name: (typeof photographs)[number], width: number, height: number): Promise<Buffer> {
  const pixels = await sharp(await readPhotograph(name))
    .resize(width, height, { fit: 'cover' })
    .removeAlpha()
    .raw()
    .toBuffer();
  // A linear congruential generator: any uniform noise will do if it is the same everywhere.
  let state = 1;
  for (let index = 0; index < pixels.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const value = (pixels[index] ?? 0) + ((state >>> 24) / 255 - 0.5) * 2 * grain;
    pixels[index] = Math.max(0, Math.min(255, Math.round(value)));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality: 90 })
    .toBuffer();
}
