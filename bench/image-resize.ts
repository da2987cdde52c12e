/**
 * Pictures of image-resize against a bare sharp script, on the same photo and the same three sizes, in turn.
 *
 * The bare script decodes the photo once for each size and checks nothing, so it is the limit of what sharp gives
 * without thought. Prints medians and the ratio; `bench/README.md` has the figures of one machine.
 */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import bareSharp from 'sharp';
import { makePictures } from '../lambda/image-resize/pictures';
import { imageResizeSettings } from '../lib/image-resize/image-resize-settings';
import { phonePhoto } from '../scenarios/image-resize/photographs';

const rounds = 9;
const { variants, maximumBytes, maximumPixels } = imageResizeSettings.parse({});
const sizes = variants.filter((variant) => variant.watermark === undefined);

async function ours(photo: Buffer): Promise<number> {
  const settings = { variants: sizes, watermarks: new Map(), limits: { maximumBytes, maximumPixels } };
  const { pictures } = await makePictures(photo, settings, 60_000);
  return pictures.reduce((bytes, picture) => bytes + picture.bytes.length, 0);
}

async function bare(photo: Buffer): Promise<number> {
  const pictures = await Promise.all(
    sizes.map(({ width, height, quality }) =>
      bareSharp(photo)
        .autoOrient()
        .resize({ ...(width && { width }), ...(height && { height }), fit: 'inside', withoutEnlargement: true })
        .webp({ quality })
        .toBuffer(),
    ),
  );
  return pictures.reduce((bytes, picture) => bytes + picture.length, 0);
}

interface Sample {
  readonly wall: number;
  readonly processor: number;
  readonly bytes: number;
}

async function sample(work: (photo: Buffer) => Promise<number>, photo: Buffer): Promise<Sample> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const bytes = await work(photo);
  const used = process.cpuUsage(before);
  return { wall: performance.now() - start, processor: (used.user + used.system) / 1_000, bytes };
}

function median(samples: readonly Sample[], figure: keyof Sample): number {
  const sorted = samples.map((one) => one[figure]).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const { bytes: photo, width, height } = await phonePhoto();
  console.log(
    `${width} x ${height} JPEG, ${sizes.length} sizes, ${rounds} rounds in turn, ${cpus().length} processors`,
  );
  const results = { ours: [] as Sample[], bare: [] as Sample[] };
  for (let round = -1; round < rounds; round++) {
    const [one, other] = [await sample(ours, photo), await sample(bare, photo)];
    // The first round loads libraries.
    if (round < 0) continue;
    results.ours.push(one);
    results.bare.push(other);
  }
  console.table(
    (['wall', 'processor', 'bytes'] as const).map((figure) => {
      const [one, other] = [median(results.ours, figure), median(results.bare, figure)];
      return {
        figure,
        ours: Math.round(one),
        'bare sharp': Math.round(other),
        ratio: Number((one / other).toFixed(2)),
      };
    }),
  );
}

void main();
