import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import type { RenderSettings } from './render';
import type { BucketScope } from './s3-event';
import { variantsSchema } from './variants';

const environmentSchema = z.object({
  RESIZED_BUCKET_NAME: z.optional(z.string()),
  OUTPUT_PREFIX: z._default(z.string(), ''),
  VARIANTS: z.pipe(z.string(), z.pipe(z.transform(parseJson), variantsSchema)),
  MAXIMUM_BYTES: wholeNumber,
  MAXIMUM_PIXELS: wholeNumber,
  CACHE_CONTROL: z.string(),
  NOT_FOUND_QUEUE_URL: z.string(),
  NOT_FOUND_RETRY_SECONDS: z.pipe(z.pipe(z.string(), z.transform(Number)), z.int().check(z.nonnegative())),
});

/** Settings that the stack passes in the function's environment. */
export interface Settings {
  readonly scope: BucketScope;
  readonly render: RenderSettings;
  readonly cacheControl: string;
  readonly notFoundQueueUrl: string;
  /** Age of an event in seconds from which an attempt may be the last one. */
  readonly notFoundRetrySeconds: number;
}

/**
 * Reads the function's environment, and from `assets` the watermarks that its variants name.
 *
 * @throws Error that names each invalid variable and its value
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, assets: string): Settings {
  const parsed = readEnvironment(environmentSchema, environment);
  const { VARIANTS: variants, RESIZED_BUCKET_NAME: outputBucket } = parsed;
  const images = new Set(variants.flatMap((variant) => variant.watermark?.image ?? []));
  return {
    scope: {
      ...(outputBucket !== undefined && { outputBucket }),
      outputPrefix: parsed.OUTPUT_PREFIX,
    },
    render: {
      variants,
      watermarks: new Map([...images].map((image) => [image, readFileSync(join(assets, image))])),
      limits: { maximumBytes: parsed.MAXIMUM_BYTES, maximumPixels: parsed.MAXIMUM_PIXELS },
    },
    cacheControl: parsed.CACHE_CONTROL,
    notFoundQueueUrl: parsed.NOT_FOUND_QUEUE_URL,
    notFoundRetrySeconds: parsed.NOT_FOUND_RETRY_SECONDS,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
