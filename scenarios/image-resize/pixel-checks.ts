import sharp from 'sharp';
import type { MadeVariant } from './made-variant';
import type { Colour, Corners, Photo } from './photo';
import { cardHeight, cardWidth } from './test-card';

/** Where the middle of a corner's square lies, as a share of the card's sides. */
const inset = { across: 50 / cardWidth, down: 50 / cardHeight };

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of the pixel at a share of the sides. */
  at(across: number, down: number): readonly [number, number, number, number];
  readonly data: Buffer;
}

export async function cornerProblems({ corners }: Photo, { asked, bytes }: MadeVariant): Promise<string[]> {
  // A watermark may lie on a corner.
  if (corners === undefined || asked.fit !== 'inside' || asked.watermark !== undefined) return [];
  const pixels = await decode(bytes);
  const places: Record<keyof Corners, readonly [number, number]> = {
    topLeft: [inset.across, inset.down],
    topRight: [1 - inset.across, inset.down],
    bottomRight: [1 - inset.across, 1 - inset.down],
    bottomLeft: [inset.across, 1 - inset.down],
  };
  return Object.entries(corners.colours).flatMap(([corner, expected]: [string, Colour]) => {
    const [red, green, blue] = pixels.at(...places[corner as keyof Corners]);
    const distance = Math.max(...expected.map((value, index) => Math.abs(value - ([red, green, blue][index] ?? 0))));
    return distance <= corners.tolerance ? [] : [`${corner} is ${red},${green},${blue}, not ${expected.join(',')}`];
  });
}

export async function transparencyProblems({ asked, bytes }: MadeVariant): Promise<string[]> {
  if (asked.format === 'jpeg' || asked.watermark !== undefined) return [];
  const pixels = await decode(bytes);
  const [middle, edge] = [pixels.at(0.5, 0.5)[3], pixels.at(0.1, 0.5)[3]];
  return middle <= 5 && edge >= 250 ? [] : [`alpha is ${middle} in the middle and ${edge} at the edge, not 0 and 255`];
}

export function animationProblems({ frameDelays = [] }: Photo, { asked, metadata }: MadeVariant): string[] {
  if (asked.format !== 'webp') return [];
  const delays = metadata.delay ?? [];
  return delays.join() === frameDelays.join() && metadata.pages === frameDelays.length
    ? []
    : [
        `has ${metadata.pages ?? 1} frames of ${delays.join(', ')} ms, not ${frameDelays.length} of ${frameDelays.join(', ')}`,
      ];
}

/** Compares variants of one size: two without a watermark are alike, one with a watermark differs visibly. */
export async function watermarkProblems(made: readonly MadeVariant[]): Promise<string[]> {
  const marked = made.filter(({ asked }) => asked.watermark !== undefined);
  const problems = await Promise.all(
    marked.map(async ({ asked, written, bytes }) => {
      const plain = made.find(
        (one) =>
          one.asked.watermark === undefined &&
          one.written.width === written.width &&
          one.written.height === written.height,
      );
      if (plain === undefined) return [];
      const [one, other] = await Promise.all([decode(bytes), decode(plain.bytes)]);
      const share = differingShare(one, other);
      return share >= 0.001 && share <= 0.5
        ? []
        : [`${asked.name}: ${(share * 100).toFixed(2)} % of it differs from ${plain.asked.name}`];
    }),
  );
  return problems.flat();
}

/** A channel that differs by more was changed by something else than compression. */
const compressionError = 40;

function differingShare(one: Pixels, other: Pixels): number {
  let differing = 0;
  for (let pixel = 0; pixel < one.data.length; pixel += 4) {
    for (let channel = pixel; channel < pixel + 4; channel += 1) {
      if (Math.abs((one.data[channel] ?? 0) - (other.data[channel] ?? 0)) <= compressionError) continue;
      differing += 1;
      break;
    }
  }
  return differing / (one.data.length / 4);
}

async function decode(bytes: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at: Pixels['at'] = (across, down) => {
    const start = (Math.floor(down * height) * width + Math.floor(across * width)) * 4;
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(start, start + 4);
    return [red, green, blue, alpha];
  };
  return { width, height, at, data };
}
