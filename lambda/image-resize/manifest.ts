import * as z from 'zod/mini';

/** Reasons why a photo can never be resized, however often it is tried. */
export const rejectionReasons = [
  'empty',
  'too-large',
  'archived',
  'customer-key',
  'too-many-pixels',
  'unsupported-format',
  'unsupported-encoding',
  'heic-not-supported',
  'corrupt',
  'not-processable',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

const count = z.int().check(z.nonnegative());
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** Identifies the configuration that the output was rendered under; empty in a manifest of a release that had none. */
const configHash = z._default(z.string(), '');

const sourceVersion = {
  key: z.string(),
  versionId: z.string(),
  etag: z.string(),
  /** Bytes. */
  size: count,
};

/**
 * Keys of earlier variants that this manifest no longer has, deleted right after it was written.
 *
 * If a worker dies in between, the next one finds here what is left to delete.
 */
const retired = z.exactOptional(z.array(z.string()));

const writtenVariantSchema = z.object({
  name: z.string(),
  key: z.string(),
  width: count,
  /** Pixels; of one frame if the variant is animated. */
  height: count,
  bytes: count,
  sha256,
  contentType: z.string(),
});
export type WrittenVariant = z.infer<typeof writtenVariantSchema>;

const resizedSchema = z.object({
  status: z.literal('resized'),
  source: z.object({
    ...sourceVersion,
    /** Detected from the content: `jpeg`, `png`, `webp`, `gif`, `avif` or `tiff`. */
    format: z.string(),
    /** Pixels as displayed, after the EXIF orientation. */
    width: count,
    height: count,
  }),
  configHash,
  variants: z.array(writtenVariantSchema),
  retired,
});

const rejectedSchema = z.object({
  status: z.literal('rejected'),
  reason: z.enum(rejectionReasons),
  message: z.string(),
  source: z.object(sourceVersion),
  configHash,
  variants: z.array(z.never()),
  retired,
});

/**
 * Content of `<source key>/manifest.json`: the version it was made from, and every variant that was made.
 *
 * Unknown fields are ignored, so that this release can clean up after a manifest of a later one.
 */
export const manifestSchema = z.discriminatedUnion('status', [resizedSchema, rejectedSchema]);
export type Manifest = z.infer<typeof manifestSchema>;
