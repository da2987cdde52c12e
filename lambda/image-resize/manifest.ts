import * as z from 'zod/mini';

/** Why a photo can never become pictures, however often it is tried. */
export const rejectionReasons = [
  'empty',
  'too-large',
  'too-many-pixels',
  'unsupported-format',
  'heic-not-supported',
  'corrupt',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

const count = z.int().check(z.nonnegative());
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const sourceVersion = {
  key: z.string(),
  versionId: z.string(),
  etag: z.string(),
  /** Bytes. */
  size: count,
};

/**
 * Keys of earlier variants that are not this manifest's, deleted right after it was written.
 *
 * They are listed so that a worker that dies in between leaves a trace for the next one to clean up by.
 */
const retired = z.exactOptional(z.array(z.string()));

const writtenVariantSchema = z.object({
  name: z.string(),
  key: z.string(),
  width: count,
  /** Pixels; of one frame if the picture is animated. */
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
    /** Decided by content: `jpeg`, `png`, `webp`, `gif`, `avif` or `tiff`. */
    format: z.string(),
    /** Pixels as displayed, after the EXIF orientation. */
    width: count,
    height: count,
  }),
  recipe: sha256,
  variants: z.array(writtenVariantSchema),
  retired,
});

const rejectedSchema = z.object({
  status: z.literal('rejected'),
  reason: z.enum(rejectionReasons),
  message: z.string(),
  source: z.object(sourceVersion),
  recipe: sha256,
  variants: z.array(z.never()),
  retired,
});

/**
 * What `<source key>/manifest.json` holds: the version it was made from, and every picture that was made.
 *
 * Fields that it does not know are ignored, so that a manifest of a later release can still be cleaned up by this one.
 */
export const manifestSchema = z.discriminatedUnion('status', [resizedSchema, rejectedSchema]);
export type Manifest = z.infer<typeof manifestSchema>;
