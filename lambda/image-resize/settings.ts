import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import type { PictureSettings } from './pictures';
import type { Territory } from './s3-event';
import { variantsSchema } from './variants';

const environmentSchema = z.object({
  UPLOAD_BUCKET_NAME: z.optional(z.string()),
  RESIZED_BUCKET_NAME: z.optional(z.string()),
  OUTPUT_PREFIX: z._default(z.string(), ''),
  VARIANTS: z.pipe(z.string(), z.pipe(z.transform(parseJson), variantsSchema)),
  MAXIMUM_BYTES: wholeNumber,
  MAXIMUM_PIXELS: wholeNumber,
  CACHE_CONTROL: z.string(),
});

/** What the stack tells the function by its environment. */
export interface Settings {
  readonly territory: Territory;
  readonly pictures: PictureSettings;
  readonly cacheControl: string;
}

/**
 * Reads the function's environment, and the watermarks that its variants name from `assets`.
 *
 * Throws an error that names each variable that is wrong and the value received.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, assets: string): Settings {
  const parsed = readEnvironment(environmentSchema, environment);
  const { VARIANTS: variants, UPLOAD_BUCKET_NAME: uploadBucket, RESIZED_BUCKET_NAME: outputBucket } = parsed;
  const images = new Set(variants.flatMap((variant) => variant.watermark?.image ?? []));
  return {
    territory: {
      ...(uploadBucket !== undefined && { uploadBucket }),
      ...(outputBucket !== undefined && { outputBucket }),
      outputPrefix: parsed.OUTPUT_PREFIX,
    },
    pictures: {
      variants,
      watermarks: new Map([...images].map((image) => [image, readFileSync(join(assets, image))])),
      limits: { maximumBytes: parsed.MAXIMUM_BYTES, maximumPixels: parsed.MAXIMUM_PIXELS },
    },
    cacheControl: parsed.CACHE_CONTROL,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
