import { performance } from 'node:perf_hooks';
import bareSharp from 'sharp';
import { renderPhoto } from '../../../lambda/image-resize/render';
import { imageResizeSettings } from '../../../lib/image-resize/image-resize-settings';
import { measureInTurn } from '../measuring/in-turn';
import { progress } from '../measuring/run-bench';
import { medianOf, paragraphs, table } from '../measuring/section';
import { makePhoto } from './photos';

const { variants, maximumPixels } = imageResizeSettings.parse({});
/** Variants without a watermark, since the bare script has none. */
const sizes = variants.filter((variant) => variant.watermark === undefined);
/** A photo with the most pixels and grain is larger than what phones send. */
const limits = { maximumBytes: 100 * 1024 ** 2, maximumPixels };

interface Sample {
  readonly wall: number;
  readonly processor: number;
  readonly bytes: number;
}

/** Half a megapixel, ten and a hundred times as much: the last is the most that the function accepts. */
const pixels = [
  [866, 577],
  [2_739, 1_826],
  [8_660, 5_773],
] as const;

/** Compares ours with bare sharp in one process, at the default settings. */
export async function growthTable(quick: boolean): Promise<string> {
  const turns = quick ? 1 : 5;
  const rows = [];
  for (const [width, height] of quick ? pixels.slice(0, 2) : pixels) {
    const megapixels = (width * height) / 1e6;
    progress(`${megapixels.toFixed(1)} megapixels`);
    const photo = await makePhoto('coffee', width, height);
    const { ours, bare } = await measureInTurn(
      [
        { name: 'ours' as const, act: () => sample(renderOurs, photo) },
        { name: 'bare' as const, act: () => sample(renderBare, photo) },
      ],
      { turns, warmUps: 1 },
    );
    const figures = (['wall', 'processor', 'bytes'] as const).map((figure) => {
      const [one, other] = [medianOf(ours, (sample) => sample[figure]), medianOf(bare, (sample) => sample[figure])];
      return { one, other, ratio: one / other };
    });
    const [wall, processor, bytes] = figures;
    rows.push([
      megapixels.toFixed(1),
      wall?.one ?? Number.NaN,
      wall?.other ?? Number.NaN,
      ...[wall, processor, bytes].map((figure) => figure?.ratio ?? Number.NaN),
    ]);
  }
  return paragraphs(
    'The three WebP sizes of the default settings in one process that is warm, against a bare sharp script, with the photo ' +
      `once, ten and a hundred times as large. Medians of ${turns} in turn:`,
    table(
      ['megapixels', 'ours, wall ms', 'bare sharp', 'ratio', 'ratio of processor time', 'ratio of bytes out'],
      rows,
    ),
  );
}

async function renderOurs(photo: Buffer): Promise<number> {
  const rendered = await renderPhoto(photo, { variants: sizes, watermarks: new Map(), limits }, 60_000);
  return rendered.variants.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function renderBare(photo: Buffer): Promise<number> {
  const images = await Promise.all(
    sizes.map(({ width, height, quality }) =>
      bareSharp(photo)
        .autoOrient()
        .resize({ ...(width && { width }), ...(height && { height }), fit: 'inside', withoutEnlargement: true })
        .webp({ quality })
        .toBuffer(),
    ),
  );
  return images.reduce((bytes, image) => bytes + image.length, 0);
}

async function sample(work: (photo: Buffer) => Promise<number>, photo: Buffer): Promise<Sample> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const bytes = await work(photo);
  const used = process.cpuUsage(before);
  return { wall: performance.now() - start, processor: (used.user + used.system) / 1_000, bytes };
}
