import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mean } from 'simple-statistics';
import sharp from 'sharp';
import { requirePeer } from '../measuring/peers';
import { widths } from './photos';

/** Size and similarity of a tool's output. */
export interface Comparison {
  /** Bytes of all images. */
  readonly bytes: number;
  /** Mean SSIM of the images: 1 is equal to the reference. */
  readonly similarity: number;
}

interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Part of ssim.js that the bench uses. */
type Ssim = (one: Pixels, other: Pixels, options: { readonly ssim: string }) => { readonly mssim: number };

const references = new Map<string, Pixels>();

/** Compares `<photo>-<width>.jpg` of each photo and width with the photo itself, scaled from all of its pixels. */
export async function compareImages(root: string, photos: readonly string[], output: string): Promise<Comparison> {
  const { ssim } = requirePeer(root, 'ssim.js') as { readonly ssim: Ssim };
  const images = photos.flatMap((photo) => widths.map((width) => ({ photo, width })));
  const similarities: number[] = [];
  let bytes = 0;
  for (const { photo, width } of images) {
    const image = await readFile(join(output, `${basename(photo, '.jpg')}-${width}.jpg`));
    bytes += image.length;
    const actual = await pixelsOf(sharp(image));
    const expected = await referenceOf(photo, width);
    if (actual.width !== expected.width || actual.height !== expected.height) {
      throw new Error(
        `${output}: expected ${expected.width} x ${expected.height}, got ${actual.width} x ${actual.height}: fix its options`,
      );
    }
    similarities.push(ssim(actual, expected, { ssim: 'fast' }).mssim);
  }
  return { bytes, similarity: mean(similarities) };
}

async function referenceOf(photo: string, width: number): Promise<Pixels> {
  const name = `${photo} ${width}`;
  const known = references.get(name);
  if (known !== undefined) return known;
  // As bytes: the function's core forbids sharp to open files.
  const whole = await sharp(await readFile(photo))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width: across, height: down } = whole.info;
  const scaled = sharp(whole.data, { raw: { width: across, height: down, channels: 3 } }).resize({ width });
  const made = await pixelsOf(scaled);
  references.set(name, made);
  return made;
}

async function pixelsOf(image: sharp.Sharp): Promise<Pixels> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
