import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { metadataCanary, type Photo } from './photo';

type Photograph = 'chelsea' | 'coffee' | 'hubble-deep-field';

/** Reads a checked-in photograph, a JPEG; `photos/SOURCES.md` has its source and license. */
export function readPhotograph(name: Photograph): Promise<Buffer> {
  return readFile(path.join(__dirname, 'photos', `${name}.jpg`));
}

/** Returns a checked-in photograph with the EXIF data of a phone: camera, location, and a canary. */
export async function photograph(name: Photograph, title: string): Promise<Photo> {
  const bytes = await sharp(await readPhotograph(name))
    .withExif(phoneExif)
    .jpeg({ quality: 92 })
    .toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  return { name: `${name}.jpg`, title, bytes, contentType: 'image/jpeg', width, height, format: 'jpeg' };
}

/** Returns 12 megapixels as a phone held upright stores them: sideways, with an EXIF orientation that rotates them. */
export async function phonePhoto(): Promise<Photo> {
  const [width, height] = [3000, 4000];
  const inset = await sharp(await readPhotograph('chelsea'))
    .resize({ width: 2200 })
    .toBuffer();
  const upright = await sharp(await readPhotograph('hubble-deep-field'))
    .resize({ width, height, fit: 'cover' })
    .composite([{ input: inset, gravity: 'centre' }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const bytes = await sharp(upright, { raw: { width, height, channels: 3 } })
    .rotate(270)
    .withExif(phoneExif)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 85 })
    .toBuffer();
  const title = '12 megapixels from a phone held upright';
  return { name: 'phone.jpg', title, bytes, contentType: 'image/jpeg', width, height, format: 'jpeg' };
}

/** EXIF as a phone writes it, by sharp's names of the directories: IFD0 is the image's, IFD3 the GPS location's. */
export const phoneExif = {
  IFD0: { Make: metadataCanary, Model: 'Scenario 1', Artist: metadataCanary },
  IFD2: { DateTimeOriginal: '2026:11:21 10:00:00' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '52/1 31/1 12/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '13/1 24/1 36/1',
  },
};
