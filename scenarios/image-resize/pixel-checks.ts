import sharp from 'sharp';
import type { OutputVariant } from './output-variant';
import type { Color, Corners, Photo } from './photo';
import { cardHeight, cardWidth } from './test-card';

/** Position of the middle of a corner's square, as a fraction of the card's sides. */
const inset = { across: 50 / cardWidth, down: 50 / cardHeight };

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Returns red, green, blue and alpha of the pixel at a fraction of the sides. */
  at(across: number, down: number): readonly [number, number, number, number];
  readonly data: Buffer;
}

export async function cornerProblems({ corners }: Photo, { settings, bytes }: OutputVariant): Promise<string[]> {
  // A watermark may cover a corner.
  if (corners === undefined || settings.fit !== 'inside' || settings.watermark !== undefined) return [];
  const pixels = await decode(bytes);
  const places: Record<keyof Corners, readonly [number, number]> = {
    topLeft: [inset.across, inset.down],
    topRight: [1 - inset.across, inset.down],
    bottomRight: [1 - inset.across, 1 - inset.down],
    bottomLeft: [inset.across, 1 - inset.down],
  };
  return Object.entries(corners.colors).flatMap(([corner, expected]: [string, Color]) => {
    const [red, green, blue] = pixels.at(...places[corner as keyof Corners]);
    const distance = Math.max(...expected.map((value, index) => Math.abs(value - ([red, green, blue][index] ?? 0))));
    return distance <= corners.tolerance
      ? []
      : [`${corner}: expected ${expected.join(',')}, got ${red},${green},${blue}`];
  });
}

export async function transparencyProblems({ settings, bytes }: OutputVariant): Promise<string[]> {
  if (settings.format === 'jpeg' || settings.watermark !== undefined) return [];
  const pixels = await decode(bytes);
  const [middle, edge] = [pixels.at(0.5, 0.5)[3], pixels.at(0.1, 0.5)[3]];
  return middle <= 5 && edge >= 250
    ? []
    : [`expected alpha 0 in the middle and 255 at the edge, got ${middle} and ${edge}`];
}

export function animationProblems({ frameDelays = [] }: Photo, { settings, metadata }: OutputVariant): string[] {
  if (settings.format !== 'webp') return [];
  const delays = metadata.delay ?? [];
  return delays.join() === frameDelays.join() && metadata.pages === frameDelays.length
    ? []
    : [
        `expected ${frameDelays.length} frames of ${frameDelays.join(', ')} ms, got ${metadata.pages ?? 1} of ${delays.join(', ')} ms`,
      ];
}

/** Compares variants of equal size: one with a watermark must differ visibly from one without. */
export async function watermarkProblems(variants: readonly OutputVariant[]): Promise<string[]> {
  const watermarked = variants.filter(({ settings }) => settings.watermark !== undefined);
  const problems = await Promise.all(
    watermarked.map(async ({ settings, entry, bytes }) => {
      const plain = variants.find(
        (one) =>
          one.settings.watermark === undefined && one.entry.width === entry.width && one.entry.height === entry.height,
      );
      if (plain === undefined) return [];
      const [one, other] = await Promise.all([decode(bytes), decode(plain.bytes)]);
      const share = differingShare(one, other);
      return share >= 0.001 && share <= 0.5
        ? []
        : [`${settings.name}: ${(share * 100).toFixed(2)} % of its pixels differ from ${plain.settings.name}`];
    }),
  );
  return problems.flat();
}

/** Largest difference of a channel that compression explains. */
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
    .toColorspace('srgb')
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
