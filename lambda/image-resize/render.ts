import type { OverlayOptions, Sharp } from 'sharp';
import { decodePhoto, openPhoto, type DecodedImage } from './decode';
import { contentTypes, encode } from './encoding';
import { layOut, type Layout, type Size } from './geometry';
import { classifyDecodeError, classifyRenderError, oneLine, ResizeFailed } from './photo-errors';
import { readHeader, type Animation, type PhotoHeader, type PhotoLimits } from './photo-header';
import type { Variant } from './variants';
import { watermarkOverlay } from './watermark';

/** A variant, encoded. */
export interface RenderedVariant {
  readonly variant: Variant;
  readonly bytes: Buffer;
  /** Pixels; of one frame if the variant is animated. */
  readonly size: Size;
  readonly contentType: string;
}

export interface RenderedPhoto {
  readonly header: PhotoHeader;
  /** In the order of the settings' variants. */
  readonly variants: readonly RenderedVariant[];
}

/** Everything but the photo itself that decides how variants look. */
export interface RenderSettings {
  readonly variants: readonly Variant[];
  /** PNG images by the file name that variants use. */
  readonly watermarks: ReadonlyMap<string, Uint8Array>;
  readonly limits: PhotoLimits;
}

/** A variant to render, the watermark laid over it, and the animation that it keeps. */
interface RenderJob {
  readonly variant: Variant;
  readonly overlay: OverlayOptions | undefined;
  readonly animation: Animation | undefined;
}

const transparent = { r: 0, g: 0, b: 0, alpha: 0 };
const white = { r: 255, g: 255, b: 255, alpha: 1 };

/**
 * Renders every variant of a photo.
 *
 * Throws `RejectedPhoto` where the bytes can never be resized, `ResizeFailed` where another attempt may succeed.
 */
export async function renderPhoto(
  bytes: Uint8Array,
  settings: RenderSettings,
  remainingMilliseconds: number,
): Promise<RenderedPhoto> {
  const header = await readHeader(bytes, settings.limits);
  const seconds = Math.max(1, Math.floor(remainingMilliseconds / 1_000));
  const jobs = await planJobs(header, settings);
  const [stills, animations] = await Promise.all([
    renderStills(header, withAnimation(jobs, false), seconds),
    renderAnimations(header, withAnimation(jobs, true), seconds),
  ]);
  const rendered = new Map([...stills, ...animations].map((one) => [one.variant, one]));
  return { header, variants: settings.variants.flatMap((variant) => rendered.get(variant) ?? []) };
}

function withAnimation(jobs: readonly RenderJob[], animated: boolean): RenderJob[] {
  return jobs.filter(({ animation }) => (animation !== undefined) === animated);
}

/** Prepares watermarks before decoding, so that a bad watermark is never mistaken for a bad photo. */
async function planJobs(header: PhotoHeader, { variants, watermarks }: RenderSettings): Promise<RenderJob[]> {
  const jobs: RenderJob[] = [];
  for (const variant of variants) {
    const animation = variant.format === 'webp' ? header.animation : undefined;
    const overlay = await prepareWatermark(header, variant, watermarks, animation !== undefined);
    jobs.push({ variant, overlay, animation });
  }
  return jobs;
}

async function prepareWatermark(
  header: PhotoHeader,
  variant: Variant,
  watermarks: RenderSettings['watermarks'],
  animated: boolean,
): Promise<OverlayOptions | undefined> {
  const { watermark } = variant;
  if (!watermark) return undefined;
  const image = watermarks.get(watermark.image);
  if (!image) throw new ResizeFailed(`watermark ${watermark.image} is not among the assets: add it or name another`);
  try {
    return await watermarkOverlay(image, watermark, layOut(header.size, variant).canvas, animated);
  } catch (error) {
    const detail = error instanceof Error ? oneLine(error.message) : String(error);
    throw new ResizeFailed(`watermark ${watermark.image} could not be prepared: ${detail}`, { cause: error });
  }
}

async function renderStills(
  header: PhotoHeader,
  jobs: readonly RenderJob[],
  seconds: number,
): Promise<RenderedVariant[]> {
  if (jobs.length === 0) return [];
  const variants = jobs.map(({ variant }) => variant);
  const image = await decodePhoto(header, variants, seconds);
  try {
    return await Promise.all(jobs.map((job) => renderVariant(image, header, job, seconds)));
  } catch (error) {
    throw classifyRenderError(error);
  }
}

/** Decodes once for each variant: libvips resizes frame by frame only what it decodes as an animation. */
async function renderAnimations(
  header: PhotoHeader,
  jobs: readonly RenderJob[],
  seconds: number,
): Promise<RenderedVariant[]> {
  const pages = header.animation?.frames ?? 1;
  const image: DecodedImage = { open: () => openPhoto(header, { pages }) };
  try {
    return await Promise.all(jobs.map((job) => renderVariant(image, header, job, seconds)));
  } catch (error) {
    throw classifyDecodeError(error);
  }
}

/** Renders one variant. The result is encoded from pixels alone, so it carries no metadata of the photo. */
async function renderVariant(
  decoded: DecodedImage,
  header: PhotoHeader,
  { variant, overlay, animation }: RenderJob,
  seconds: number,
): Promise<RenderedVariant> {
  const layout = layOut(header.size, variant);
  const background = variant.format === 'jpeg' ? white : transparent;
  const image = decoded
    .open()
    .resize({ ...layout.photo, fit: variant.fit === 'cover' ? 'cover' : 'fill' })
    .timeout({ seconds });
  pad(image, layout, background);
  if (overlay) image.composite([overlay]);
  if (variant.format === 'jpeg') image.flatten({ background: white });
  encode(image, variant, animation);
  const bytes = await image.toBuffer();
  return { variant, bytes, size: layout.canvas, contentType: contentTypes[variant.format] };
}

function pad(image: Sharp, { photo, canvas }: Layout, background: typeof white): void {
  const across = canvas.width - photo.width;
  const down = canvas.height - photo.height;
  if (across <= 0 && down <= 0) return;
  const left = Math.floor(across / 2);
  const top = Math.floor(down / 2);
  image.extend({ left, right: across - left, top, bottom: down - top, background });
}
