/**
 * Draws `watermark.png`, the word PREVIEW in white with a dark edge: `npx tsx lambda/image-resize/assets/make-watermark.ts`.
 *
 * The letters are strokes, not text, so that the image is the same on machines with other fonts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Strokes of letters 100 units high, and their widths. */
const letters: [path: string, width: number][] = [
  ['M0,100 V0 H32 A28,28 0 0 1 32,56 H0', 60],
  ['M0,100 V0 H32 A28,28 0 0 1 32,56 H0 M30,56 L60,100', 60],
  ['M56,0 H0 V100 H56 M0,50 H46', 56],
  ['M0,0 L33,100 L66,0', 66],
  ['M0,0 V100', 0],
  ['M56,0 H0 V100 H56 M0,50 H46', 56],
  ['M0,0 L24,100 L48,28 L72,100 L96,0', 96],
];
const gap = 38;
const margin = 24;

let x = margin;
const strokes = letters.map(([path, width]) => {
  const placed = `<path transform="translate(${x},${margin})" d="${path}"/>`;
  x += width + gap;
  return placed;
});
const width = x - gap + margin;
const height = 100 + 2 * margin;
const layer = (color: string, strokeWidth: number): string =>
  `<g fill="none" stroke="${color}" stroke-width="${strokeWidth}" stroke-linecap="round" stroke-linejoin="round">${strokes.join('')}</g>`;
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
  ${layer('#00000099', 30)}${layer('#ffffff', 16)}</svg>`;

async function draw(): Promise<void> {
  const png = await sharp(Buffer.from(drawing)).png({ compressionLevel: 9 }).toBuffer();
  writeFileSync(join(__dirname, 'watermark.png'), png);
}

void draw();
