import sharp from 'sharp';
import type { OutputVariant } from '../../../scenarios/image-resize/output-variant';
import type { Variant } from '../../../lambda/image-resize/variants';

/** Describes these bytes as a variant that was downloaded. */
export async function outputVariant(bytes: Buffer, settings: Partial<Variant> = {}): Promise<OutputVariant> {
  const metadata = await sharp(bytes, { animated: true }).metadata();
  const [width, height] = [metadata.width, metadata.pageHeight ?? metadata.height];
  const variant: Variant = {
    name: 'medium',
    width: 800,
    height: 800,
    fit: 'inside',
    format: 'webp',
    quality: 80,
    ...settings,
  };
  const contentType = `image/${variant.format}`;
  const key = `photo.jpg/${variant.name}.${variant.format}`;
  const entry = { name: variant.name, key, width, height, bytes: bytes.length, sha256: '', contentType };
  return { settings: variant, entry, bytes, metadata, contentType, cacheControl: undefined };
}
