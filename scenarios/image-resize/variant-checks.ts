import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Manifest } from '../../lambda/image-resize/manifest';
import type { Variant } from '../../lambda/image-resize/variants';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import type { MadeVariant } from './made-variant';
import { metadataCanary, type Photo } from './photo';
import { download } from './photo-objects';
import { animationProblems, cornerProblems, transparencyProblems, watermarkProblems } from './pixel-checks';

/** Downloads every variant of a photo and holds each to its promises. */
export async function checkVariants(
  run: ScenarioRun,
  deployment: Deployment,
  photo: Photo,
  manifest: Manifest,
): Promise<MadeVariant[]> {
  const claim = (sentence: string, problems: readonly string[]): void =>
    run.assert(problems.length === 0, `${photo.title}: ${sentence}`, summary(problems));
  claim('the manifest describes the photo', sourceProblems(photo, manifest));
  const made = await Promise.all(deployment.variants.map((asked) => readVariant(deployment, asked, manifest)));
  const each = (problems: (variant: MadeVariant) => string[] | Promise<string[]>): Promise<string[]> =>
    Promise.all(made.map(async (one) => (await problems(one)).map((text) => `${one.asked.name}: ${text}`))).then(
      (all) => all.flat(),
    );
  claim('every variant has its size, upright and never enlarged', await each((one) => sizeProblems(photo, one)));
  claim('bytes and SHA-256 are as the manifest says', await each(digestProblems));
  claim('Content-Type and Cache-Control are set', await each((one) => headerProblems(deployment, one)));
  claim('no metadata is left, colours are sRGB', await each(metadataProblems));
  if (photo.corners !== undefined) {
    claim('each corner has its colour in its place', await each((one) => cornerProblems(photo, one)));
  }
  if (photo.transparentMiddle === true) claim('transparency is kept', await each(transparencyProblems));
  if (photo.frameDelays !== undefined) claim('every frame is kept', await each((one) => animationProblems(photo, one)));
  claim('only the watermarked variants carry a watermark', await watermarkProblems(made));
  return made;
}

/** The first few of them: what breaks one variant tends to break them all. */
function summary(problems: readonly string[]): string | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  return problems.slice(0, 3).join('; ') + more;
}

async function readVariant(deployment: Deployment, asked: Variant, manifest: Manifest): Promise<MadeVariant> {
  const written = manifest.variants.find(({ name }) => name === asked.name);
  if (written === undefined) throw new Error(`the manifest of ${manifest.source.key} names no variant ${asked.name}`);
  const object = await download(deployment, written.key);
  if (object === undefined) throw new Error(`the manifest names ${written.key}, which does not exist`);
  const metadata = await sharp(object.bytes, { animated: true }).metadata();
  const { ContentType: contentType, CacheControl: cacheControl } = object.response;
  return { asked, written, bytes: object.bytes, metadata, contentType, cacheControl };
}

function sourceProblems(photo: Photo, manifest: Manifest): string[] {
  if (manifest.status === 'rejected') return [`rejected as ${manifest.reason}: ${manifest.message}`];
  const { width, height, format, size } = manifest.source;
  const found = `${format} ${width} x ${height}, ${size} bytes`;
  const expected = `${photo.format} ${photo.width} x ${photo.height}, ${photo.bytes.length} bytes`;
  return found === expected ? [] : [`it says ${found}, the photo is ${expected}`];
}

function sizeProblems(photo: Photo, { asked, written, metadata }: MadeVariant): string[] {
  const [width, height] = [metadata.width, metadata.pageHeight ?? metadata.height];
  const problems =
    width === written.width && height === written.height ? [] : [`is ${width} x ${height}, not as the manifest says`];
  const bounds = [asked.width ?? Infinity, asked.height ?? Infinity] as const;
  if (asked.fit !== 'inside')
    return width <= bounds[0] && height <= bounds[1] ? problems : [...problems, `is ${width} x ${height}`];
  const scale = Math.min(1, bounds[0] / photo.width, bounds[1] / photo.height);
  const expected = [photo.width * scale, photo.height * scale] as const;
  // Rounding is the resizer's own business.
  const close = Math.abs(width - expected[0]) <= 1 && Math.abs(height - expected[1]) <= 1;
  return close ? problems : [...problems, `is ${width} x ${height}, not ${expected.map(Math.round).join(' x ')}`];
}

function digestProblems({ written, bytes }: MadeVariant): string[] {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return bytes.length === written.bytes && sha256 === written.sha256
    ? []
    : [`${bytes.length} bytes with SHA-256 ${sha256}`];
}

function headerProblems(deployment: Deployment, { asked, written, contentType, cacheControl }: MadeVariant): string[] {
  const expected = `image/${asked.format}`;
  return [
    ...(contentType === expected && written.contentType === expected
      ? []
      : [`Content-Type is ${contentType ?? 'missing'}`]),
    ...(cacheControl === deployment.cacheControl ? [] : [`Cache-Control is ${cacheControl ?? 'missing'}`]),
  ];
}

function metadataProblems({ bytes, metadata }: MadeVariant): string[] {
  const { exif, xmp, iptc, icc, orientation, space } = metadata;
  const left = Object.entries({ exif, xmp, iptc }).flatMap(([name, block]) => (block === undefined ? [] : [name]));
  return [
    ...(left.length === 0 ? [] : [`has ${left.join(', ')}`]),
    ...(bytes.includes(metadataCanary) ? ['holds text of the metadata'] : []),
    ...(orientation === undefined || orientation === 1 ? [] : [`has orientation ${orientation}`]),
    ...(space === 'srgb' && (icc === undefined || profileName(icc).includes('sRGB'))
      ? []
      : [`is ${space} with a profile`]),
  ];
}

/** Profile descriptions are ASCII, or UTF-16 with a zero before each letter. */
function profileName(icc: Buffer): string {
  return icc.toString('latin1').replaceAll('\0', '');
}
