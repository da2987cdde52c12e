import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { PagePicture } from './read-pdf';

const folder = join(__dirname, 'references');

/** Width of a reference, in pixels: lines of text can be distinguished, letters cannot. */
const width = 240;
/** Difference of a pixel's gray, of 255, from which it counts as another. */
const anotherGray = 64;

/** Greatest share of pixels of a page that may differ, 40 of them: the shortest line of the documents has more. */
export const tolerance = 0.0005;

/** Small gray PNG of a page. */
export async function referenceOf({ pixels, width: from, height }: PagePicture): Promise<Buffer> {
  const raw = { width: from, height, channels: 4 as const };
  // Eight grays keep a page at a few kilobytes.
  return sharp(pixels, { raw })
    .flatten({ background: '#fff' })
    .resize(width)
    .grayscale()
    .png({ colours: 8 })
    .toBuffer();
}

/** Share of pixels that differ, from 0 to 1; 1 for pages of another size. */
export async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [first, second] = await Promise.all(
    [one, other].map((png) => sharp(png).grayscale().raw().toBuffer({ resolveWithObject: true })),
  );
  if (first === undefined || second === undefined || first.data.length !== second.data.length) return 1;
  const others = first.data.filter((gray, index) => Math.abs(gray - (second.data[index] ?? 0)) >= anotherGray);
  return others.length / first.data.length;
}

/** Returns the reference of a page; one that is missing is written, to be looked at and committed, and undefined returned. */
export function readReference(name: string, actual: Buffer): Buffer | undefined {
  const file = join(folder, `${name}.png`);
  if (existsSync(file)) return readFileSync(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, actual);
  return undefined;
}
