import type { Sharp } from 'sharp';
import type { Animation } from './photo-header';
import type { Format, Variant } from './variants';

/** Media type of each format. */
export const contentTypes: Record<Format, string> = {
  webp: 'image/webp',
  avif: 'image/avif',
  jpeg: 'image/jpeg',
  png: 'image/png',
};

/** Sets the output format and its options; `animation` is given for an animated variant. */
export function encode(image: Sharp, { format, quality }: Variant, animation: Animation | undefined): void {
  switch (format) {
    case 'webp':
      image.webp({ quality, ...(animation && { delay: animation.delay, loop: animation.loop }) });
      break;
    case 'avif':
      image.avif({ quality });
      break;
    case 'jpeg':
      image.jpeg({ quality, progressive: true });
      break;
    case 'png':
      // With `quality` sharp would reduce a PNG to a palette; it stays lossless.
      image.png();
  }
}
