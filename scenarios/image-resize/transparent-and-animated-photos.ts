import sharp from 'sharp';
import type { Photo } from './photo';
import { readPhotograph } from './photographs';

const width = 450;
const height = 300;

/** Returns a photograph with a transparent middle, in two formats. */
export async function transparentPhotos(): Promise<Photo[]> {
  const hole = Buffer.from(
    `<svg width="${width}" height="${height}"><circle cx="${width / 2}" cy="${height / 2}" r="80"/></svg>`,
  );
  const picture = sharp(await readPhotograph('chelsea'))
    .resize({ width, height, fit: 'cover' })
    .composite([{ input: hole, blend: 'dest-out' }]);
  const photo = (format: 'png' | 'webp', bytes: Buffer): Photo => ({
    name: `transparent.${format}`,
    title: `transparent ${format === 'png' ? 'PNG' : 'WebP'}`,
    bytes,
    contentType: `image/${format}`,
    width,
    height,
    format,
    transparentMiddle: true,
  });
  return [
    photo('png', await picture.clone().png().toBuffer()),
    photo('webp', await picture.clone().webp({ quality: 90 }).toBuffer()),
  ];
}

const frameDelays = [100, 200, 100, 300, 100, 200];

/** Returns an animation with a frame for each hue; the frames have different durations. */
export async function animatedPhoto(format: 'gif' | 'webp'): Promise<Photo> {
  const photograph = await readPhotograph('chelsea');
  const frames = await Promise.all(
    frameDelays.map((_, index) =>
      sharp(photograph)
        .resize({ width, height, fit: 'cover' })
        .modulate({ hue: (360 / frameDelays.length) * index })
        .png()
        .toBuffer(),
    ),
  );
  const joined = sharp(frames, { join: { animated: true } });
  const settings = { delay: [...frameDelays], loop: 0 };
  const bytes = await (
    format === 'gif' ? joined.gif({ ...settings, effort: 1 }) : joined.webp({ ...settings, quality: 80, effort: 1 })
  ).toBuffer();
  return {
    name: `animated.${format}`,
    title: `animated ${format === 'gif' ? 'GIF' : 'WebP'} of ${frameDelays.length} frames`,
    bytes,
    contentType: `image/${format}`,
    width,
    height,
    format,
    frameDelays,
  };
}
