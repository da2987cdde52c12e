import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** Longest side that every output format supports, in pixels: WebP's limit. */
const longestSide = 16_383;

/** Positions of a watermark, as sharp names them. */
export const gravities = [
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
  'centre',
] as const;

/** Output formats. */
export const formats = ['webp', 'avif', 'jpeg', 'png'] as const;
export type Format = (typeof formats)[number];

const pixels = z.int().check(z.positive(), z.maximum(longestSide));

/** A PNG laid over a variant: `scale` is its share of the variant's width, `opacity` 1 leaves it as it is. */
export const watermarkSchema = z.strictObject({
  /** A file in `lambda/image-resize/assets/`. */
  image: z.string().check(z.regex(/^[a-z0-9-]+\.png$/, 'must be the name of a PNG file, such as watermark.png')),
  gravity: z.enum(gravities),
  scale: z.number().check(z.positive(), z.maximum(1)),
  opacity: z.number().check(z.positive(), z.maximum(1)),
});
export type Watermark = z.infer<typeof watermarkSchema>;

/**
 * One image made from every photo; sizes are upper bounds in pixels, since no photo is ever enlarged.
 *
 * `inside` keeps the whole photo within the bounds, `cover` fills their aspect ratio and crops, `contain` pads the photo
 * to exactly the bounds (transparent, or white in a JPEG).
 */
export const variantSchema = z
  .strictObject({
    name: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')),
    width: z.exactOptional(pixels),
    height: z.exactOptional(pixels),
    fit: z.enum(['inside', 'cover', 'contain']),
    format: z.enum(formats),
    quality: z.int().check(z.minimum(1), z.maximum(100)),
    watermark: z.exactOptional(watermarkSchema),
  })
  .check(
    z.refine(
      ({ width, height, fit }) =>
        fit === 'inside' ? width !== undefined || height !== undefined : width !== undefined && height !== undefined,
      'needs a width or a height with fit inside, and both with fit cover or contain',
    ),
  );
export type Variant = z.infer<typeof variantSchema>;

/** All variants made from a photo, in the order in which its manifest lists them. */
export const variantsSchema = z.array(variantSchema).check(
  z.minLength(1),
  z.maxLength(16),
  z.refine(
    (variants) => new Set(variants.map(outputName)).size === variants.length,
    'has two variants of the same name',
  ),
);

/** The last part of a variant's key: `<variant>.<format>`. */
export function outputName(variant: Pick<Variant, 'name' | 'format'>): string {
  return `${variant.name}.${variant.format}`;
}

/** Raised by hand when the same variants are rendered differently, so that photos delivered again are rendered anew. */
const pipelineVersion = 2;

/** SHA-256 (hex) of everything but the photo that decides how variants look: variants, watermarks, pipeline. */
export function hashConfig(variants: readonly Variant[], watermarks: ReadonlyMap<string, Uint8Array>): string {
  const images = [...watermarks].sort(([one], [other]) => (one < other ? -1 : 1));
  const config = { pipelineVersion, variants, watermarks: images.map(([name, bytes]) => [name, sha256(bytes)]) };
  return sha256(JSON.stringify(config));
}

/** Returns the SHA-256 in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
