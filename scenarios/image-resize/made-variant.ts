import type { Metadata } from 'sharp';
import type { WrittenVariant } from '../../lambda/image-resize/manifest';
import type { Variant } from '../../lambda/image-resize/variants';

/** A variant as it came out, beside what was asked for. */
export interface MadeVariant {
  readonly asked: Variant;
  readonly written: WrittenVariant;
  readonly bytes: Buffer;
  readonly metadata: Metadata;
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
}
