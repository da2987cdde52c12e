import type { Sharp } from 'sharp';
import type { Animation } from './photo-header';
import type { Format, Variant } from './variants';

/** What each format is called in HTTP. */
export const contentTypes: Record<Format, string> = {
  webp: 'image/webp',
  avif: 'image/avif',
  jpeg: 'image/jpeg',
  png: 'image/png',
};

/** Sets the format of what comes out; `animation` is given where the picture moves. */
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
