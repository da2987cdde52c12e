import sharp from 'sharp';
import type { MadeVariant } from '../../../scenarios/image-resize/made-variant';
import type { Variant } from '../../../lambda/image-resize/variants';

/** A variant that came out as these bytes. */
export async function madeVariant(bytes: Buffer, asked: Partial<Variant> = {}): Promise<MadeVariant> {
  const metadata = await sharp(bytes, { animated: true }).metadata();
  const [width, height] = [metadata.width, metadata.pageHeight ?? metadata.height];
  const variant: Variant = {
    name: 'medium',
    width: 800,
    height: 800,
    fit: 'inside',
    format: 'webp',
    quality: 80,
    ...asked,
  };
  const contentType = `image/${variant.format}`;
  const key = `photo.jpg/${variant.name}.${variant.format}`;
  const written = { name: variant.name, key, width, height, bytes: bytes.length, sha256: '', contentType };
  return { asked: variant, written, bytes, metadata, contentType, cacheControl: undefined };
}
