import type { Metadata } from 'sharp';
import type { WrittenVariant } from '../../lambda/image-resize/manifest';
import type { Variant } from '../../lambda/image-resize/variants';

/** A variant as it was downloaded, with its settings and its entry in the manifest. */
export interface OutputVariant {
  readonly settings: Variant;
  readonly entry: WrittenVariant;
  readonly bytes: Buffer;
  readonly metadata: Metadata;
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
}
