import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Manifest } from '../../lambda/image-resize/manifest';
import type { Variant } from '../../lambda/image-resize/variants';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import type { OutputVariant } from './output-variant';
import { metadataCanary, type Photo } from './photo';
import { download } from './photo-objects';
import { animationProblems, cornerProblems, transparencyProblems, watermarkProblems } from './pixel-checks';

/** Downloads every variant of a photo and checks each. */
export async function checkVariants(
  run: ScenarioRun,
  deployment: Deployment,
  photo: Photo,
  manifest: Manifest,
): Promise<OutputVariant[]> {
  const assertNone = (problems: readonly string[], promise: string): void =>
    run.assert(problems.length === 0, `${photo.title}: ${promise}`, summary(problems));
  assertNone(sourceProblems(photo, manifest), 'the manifest describes the photo');
  const variants = await Promise.all(
    deployment.variants.map((settings) => readVariant(deployment, settings, manifest)),
  );
  const each = (problems: (variant: OutputVariant) => string[] | Promise<string[]>): Promise<string[]> =>
    Promise.all(variants.map(async (one) => (await problems(one)).map((text) => `${one.settings.name}: ${text}`))).then(
      (all) => all.flat(),
    );
  assertNone(await each((one) => sizeProblems(photo, one)), 'every variant has its size, upright and never enlarged');
  assertNone(await each(digestProblems), 'bytes and SHA-256 match the manifest');
  assertNone(await each((one) => headerProblems(deployment, one)), 'Content-Type and Cache-Control are set');
  assertNone(await each(metadataProblems), 'no metadata is left, colors are sRGB');
  if (photo.corners !== undefined) {
    assertNone(await each((one) => cornerProblems(photo, one)), 'each corner has its color in its place');
  }
  if (photo.transparentMiddle === true) assertNone(await each(transparencyProblems), 'transparency is kept');
  if (photo.frameDelays !== undefined)
    assertNone(await each((one) => animationProblems(photo, one)), 'every frame is kept');
  assertNone(await watermarkProblems(variants), 'only the watermarked variants carry a watermark');
  return variants;
}

/** Returns the first few problems: most faults affect every variant. */
function summary(problems: readonly string[]): string | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  return problems.slice(0, 3).join('; ') + more;
}

async function readVariant(deployment: Deployment, settings: Variant, manifest: Manifest): Promise<OutputVariant> {
  const entry = manifest.variants.find(({ name }) => name === settings.name);
  if (entry === undefined) throw new Error(`the manifest of ${manifest.source.key} names no variant ${settings.name}`);
  const object = await download(deployment, entry.key);
  if (object === undefined) throw new Error(`the manifest names ${entry.key}, which does not exist`);
  const metadata = await sharp(object.bytes, { animated: true }).metadata();
  const { ContentType: contentType, CacheControl: cacheControl } = object.response;
  return { settings, entry, bytes: object.bytes, metadata, contentType, cacheControl };
}

function sourceProblems(photo: Photo, manifest: Manifest): string[] {
  if (manifest.status === 'rejected') return [`rejected as ${manifest.reason}: ${manifest.message}`];
  const { width, height, format, size } = manifest.source;
  const found = `${format} ${width} x ${height}, ${size} bytes`;
  const expected = `${photo.format} ${photo.width} x ${photo.height}, ${photo.bytes.length} bytes`;
  return found === expected ? [] : [`expected ${expected}, got ${found}`];
}

function sizeProblems(photo: Photo, { settings, entry, metadata }: OutputVariant): string[] {
  const [width, height] = [metadata.width, metadata.pageHeight ?? metadata.height];
  const problems =
    width === entry.width && height === entry.height
      ? []
      : [`expected ${entry.width} x ${entry.height} as in the manifest, got ${width} x ${height}`];
  const bounds = [settings.width ?? Infinity, settings.height ?? Infinity] as const;
  if (settings.fit !== 'inside')
    return width <= bounds[0] && height <= bounds[1]
      ? problems
      : [...problems, `expected at most ${bounds.join(' x ')}, got ${width} x ${height}`];
  const scale = Math.min(1, bounds[0] / photo.width, bounds[1] / photo.height);
  const expected = [photo.width * scale, photo.height * scale] as const;
  // The resizer may round either way.
  const close = Math.abs(width - expected[0]) <= 1 && Math.abs(height - expected[1]) <= 1;
  return close ? problems : [...problems, `expected ${expected.map(Math.round).join(' x ')}, got ${width} x ${height}`];
}

function digestProblems({ entry, bytes }: OutputVariant): string[] {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return bytes.length === entry.bytes && sha256 === entry.sha256
    ? []
    : [`expected ${entry.bytes} bytes with SHA-256 ${entry.sha256}, got ${bytes.length} with ${sha256}`];
}

function headerProblems(
  deployment: Deployment,
  { settings, entry, contentType, cacheControl }: OutputVariant,
): string[] {
  const expected = `image/${settings.format}`;
  return [
    ...(contentType === expected && entry.contentType === expected
      ? []
      : [`expected Content-Type ${expected}, got ${contentType ?? 'none'}`]),
    ...(cacheControl === deployment.cacheControl
      ? []
      : [`expected Cache-Control ${deployment.cacheControl}, got ${cacheControl ?? 'none'}`]),
  ];
}

function metadataProblems({ bytes, metadata }: OutputVariant): string[] {
  const { exif, xmp, iptc, icc, orientation, space } = metadata;
  const left = Object.entries({ exif, xmp, iptc }).flatMap(([name, block]) => (block === undefined ? [] : [name]));
  return [
    ...(left.length === 0 ? [] : [`contains ${left.join(', ')}`]),
    ...(bytes.includes(metadataCanary) ? ['contains text of the metadata'] : []),
    ...(orientation === undefined || orientation === 1 ? [] : [`has orientation ${orientation}`]),
    ...(space === 'srgb' && (icc === undefined || profileName(icc).includes('sRGB'))
      ? []
      : [`expected sRGB, got ${space} with a profile`]),
  ];
}

/** Profile descriptions are ASCII, or UTF-16 with a zero before each letter. */
function profileName(icc: Buffer): string {
  return icc.toString('latin1').replaceAll('\0', '');
}
