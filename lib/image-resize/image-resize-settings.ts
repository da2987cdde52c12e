import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { variantsSchema, type Variant } from '../../lambda/image-resize/variants';

const watermark = { image: 'watermark.png', gravity: 'southeast', scale: 0.25, opacity: 0.6 } as const;

const defaultVariants: Variant[] = [
  { name: 'thumbnail', width: 200, height: 200, fit: 'inside', format: 'webp', quality: 75 },
  { name: 'medium', width: 800, height: 800, fit: 'inside', format: 'webp', quality: 78 },
  { name: 'large', width: 1600, height: 1600, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'preview', width: 800, height: 800, fit: 'inside', format: 'webp', quality: 78, watermark },
];

/** Folder of the watermark images, which is deployed with the handler. */
const assets = join(__dirname, '..', '..', 'lambda', 'image-resize', 'assets');

/**
 * Characters that S3 calls safe in keys, except `*`: a prefix is also part of IAM resources, where `*`, `?` and `$` have a
 * special meaning, and of a notification's filter, in which every other character has to be encoded.
 */
const prefix = z
  .string()
  .max(200)
  .regex(/^[\w/!.'()-]*$/, "use letters, digits and /!-_.'() only, such as photos/")
  .default('');

/** Settings of image-resize: `-c image-resize='{…}'`, or the key `image-resize` of the context in `cdk.json`. */
export const imageResizeSettings = z
  .strictObject({
    variants: z
      ._default(variantsSchema, defaultVariants)
      .describe(
        'Images to make from each photo, by default the four above: each with `name`, `width` and/or `height`, `fit` (`inside`, `cover`, `contain`), `format` (`webp`, `avif`, `jpeg`, `png`), `quality`, and optionally a `watermark` (`image` in `lambda/image-resize/assets`, `gravity`, `scale` as share of the width, `opacity`).',
      ),
    input: z
      .strictObject({
        prefix: prefix.describe('Prefix of the keys that are resized.'),
      })
      .prefault({}),
    output: z
      .strictObject({
        bucket: z
          .enum(['resized', 'upload'])
          .default('resized')
          .describe(
            '`resized`: a bucket of its own. `upload`: the upload bucket; synth then refuses prefixes that overlap.',
          ),
        prefix: prefix.describe('Prefix of every key that is written.'),
        cacheControl: z
          .string()
          .max(200)
          .regex(/^[ -~]*$/, 'use a header of printable ASCII, such as public, max-age=86400')
          .default('public, max-age=86400')
          .describe('Cache-Control header of every variant; the manifest has `no-cache`.'),
      })
      .prefault({}),
    maximumBytes: z
      .int()
      .min(1)
      .max(104_857_600)
      .default(52_428_800)
      .describe('Larger files are rejected unread. 50 MB is about the largest JPEG that a camera writes.'),
    maximumPixels: z
      .int()
      .min(1)
      .max(200_000_000)
      .default(50_000_000)
      .describe('Photos with more pixels, all frames together, are rejected undecoded.'),
    memoryMegabytes: z.int().min(512).max(10_240).default(2_048).describe('Must hold a photo of maximumPixels.'),
    timeoutSeconds: z.int().min(10).max(900).default(60).describe('Longest time for one photo.'),
    retryAttempts: z
      .int()
      .min(0)
      .max(2)
      .default(2)
      .describe(
        'Retries of a failed event; Lambda waits one minute before the first and two minutes before the second.',
      ),
    maximumEventAgeSeconds: z
      .int()
      .min(60)
      .max(21_600)
      .default(3_600)
      .describe('Age after which Lambda sends an event to the failures queue instead of retrying it.'),
  })
  .superRefine((settings, context) => {
    const { input, output, variants } = settings;
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });

    if (output.bucket === 'upload' && overlap(input.prefix, output.prefix)) {
      refuse(
        ['output', 'prefix'],
        `overlaps input.prefix ${JSON.stringify(input.prefix)} in the upload bucket, so that the function would resize its ` +
          'own output forever: use two prefixes of which neither starts with the other, or output.bucket "resized"',
      );
    }
    const age = neededEventAge(settings);
    if (settings.maximumEventAgeSeconds < age) {
      const { retryAttempts, timeoutSeconds } = settings;
      refuse(
        ['maximumEventAgeSeconds'],
        `use at least ${age}: ${retryAttempts} retries of ${timeoutSeconds} s each, which Lambda begins one and two minutes ` +
          'after a failure, are not made otherwise',
      );
    }
    const needed = neededMegabytes(settings);
    if (settings.memoryMegabytes < needed) {
      refuse(['memoryMegabytes'], `use at least ${needed} for maximumPixels and maximumBytes, or lower those`);
    }
    variants.forEach((variant, index) => {
      if (variant.watermark && !existsSync(join(assets, variant.watermark.image))) {
        refuse(
          ['variants', index, 'watermark', 'image'],
          'put the file into lambda/image-resize/assets, or name an existing one',
        );
      }
    });
  });

export type ImageResizeSettings = z.output<typeof imageResizeSettings>;

/**
 * Returns the age in seconds that an event reaches when its last retry begins, with a minute to spare: Lambda waits one
 * minute before the first retry and two before the second, and drops an event that is older then.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
function neededEventAge({ retryAttempts, timeoutSeconds }: { retryAttempts: number; timeoutSeconds: number }): number {
  const waits = [0, 60, 180][retryAttempts] ?? 0;
  return Math.max(60, retryAttempts * timeoutSeconds + waits + (retryAttempts > 0 ? 60 : 0));
}

/**
 * Returns the megabytes that the largest accepted photo takes: 26 bytes a pixel (AVIF with alpha, tools/bench/README.md),
 * the file twice, and 100 for Node and sharp.
 */
function neededMegabytes({ maximumPixels, maximumBytes }: { maximumPixels: number; maximumBytes: number }): number {
  return Math.ceil((maximumPixels * 26 + maximumBytes * 2) / 1_000_000) + 100;
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
