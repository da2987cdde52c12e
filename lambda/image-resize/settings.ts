import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { PictureSettings } from './pictures';
import type { Territory } from './s3-event';
import { variantsSchema } from './variants';

const wholeNumber = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => Number(text)),
  ),
  z.int().check(z.positive()),
);

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
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
    const received = [...wrong].map(
      (name) => `${name} is ${environment[name] === undefined ? 'not set' : JSON.stringify(environment[name])}`,
    );
    throw new Error(`wrong environment of the function: ${received.join(', ')}: deploy it by its stack`);
  }
  const { VARIANTS: variants, UPLOAD_BUCKET_NAME: uploadBucket, RESIZED_BUCKET_NAME: outputBucket } = parsed.data;
  const images = new Set(variants.flatMap((variant) => variant.watermark?.image ?? []));
  return {
    territory: {
      ...(uploadBucket !== undefined && { uploadBucket }),
      ...(outputBucket !== undefined && { outputBucket }),
      outputPrefix: parsed.data.OUTPUT_PREFIX,
    },
    pictures: {
      variants,
      watermarks: new Map([...images].map((image) => [image, readFileSync(join(assets, image))])),
      limits: { maximumBytes: parsed.data.MAXIMUM_BYTES, maximumPixels: parsed.data.MAXIMUM_PIXELS },
    },
    cacheControl: parsed.data.CACHE_CONTROL,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
