import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mean } from 'simple-statistics';
import sharp from 'sharp';
import { requirePeer } from '../measuring/peers';
import { widths } from './photos';

/** What came out of a tool. */
export interface Verdict {
  /** Of all pictures. */
  readonly bytes: number;
  /** Mean SSIM of the pictures: 1 is the same as the reference. */
  readonly similarity: number;
}

interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What the project uses of ssim.js. */
type Ssim = (one: Pixels, other: Pixels, options: { readonly ssim: string }) => { readonly mssim: number };

const references = new Map<string, Pixels>();

/** Compares `<photo>-<width>.jpg` of each photo and width with the photo itself, scaled from all of its pixels. */
export async function judgePictures(root: string, photos: readonly string[], output: string): Promise<Verdict> {
  const { ssim } = requirePeer(root, 'ssim.js') as { readonly ssim: Ssim };
  const pictures = photos.flatMap((photo) => widths.map((width) => ({ photo, width })));
  const similarities: number[] = [];
  let bytes = 0;
  for (const { photo, width } of pictures) {
    const picture = await readFile(join(output, `${basename(photo, '.jpg')}-${width}.jpg`));
    bytes += picture.length;
    const seen = await pixelsOf(sharp(picture));
    const wanted = await referenceOf(photo, width);
    if (seen.width !== wanted.width || seen.height !== wanted.height) {
      throw new Error(
        `${output} has ${seen.width} x ${seen.height}, not ${wanted.width} x ${wanted.height}: fix its options`,
      );
    }
    similarities.push(ssim(seen, wanted, { ssim: 'fast' }).mssim);
  }
  return { bytes, similarity: mean(similarities) };
}

async function referenceOf(photo: string, width: number): Promise<Pixels> {
  const name = `${photo} ${width}`;
  const known = references.get(name);
  if (known !== undefined) return known;
  // As bytes: the function's core has told sharp to open no files.
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
