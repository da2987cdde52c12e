import './unguarded-sharp';
import sharp, { type Metadata } from 'sharp';
import { cmykCard, colorCards } from '../../../scenarios/image-resize/color-photos';
import type { Photo } from '../../../scenarios/image-resize/photo';
import { cornerProblems } from '../../../scenarios/image-resize/pixel-checks';
import { outputVariant } from './decoded';

const kinds: [name: string, metadata: Partial<Metadata>][] = [
  ['cmyk.jpg', { format: 'jpeg', space: 'cmyk', channels: 4 }],
  ['display-p3.jpg', { format: 'jpeg', space: 'srgb', hasProfile: true }],
  ['sixteen-bit.png', { format: 'png', depth: 'ushort', space: 'rgb16' }],
  ['palette.png', { format: 'png', isPalette: true }],
  ['interlaced.png', { format: 'png', isProgressive: true }],
  ['progressive.jpg', { format: 'jpeg', isProgressive: true }],
  ['still.webp', { format: 'webp' }],
  ['modern.avif', { format: 'heif', compression: 'av1' }],
  ['scan.tiff', { format: 'tiff' }],
  ['grayscale.jpg', { format: 'jpeg', space: 'b-w', channels: 1 }],
];

const photos: Photo[] = [];
beforeAll(async () => {
  photos.push(await cmykCard(), ...(await colorCards()));
});

function photo(name: string): Photo {
  const found = photos.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no photo is called ${name}`);
  return found;
}

test.each(kinds)(
  '%s has the encoding of its title, and looks the same once converted to sRGB',
  async (name, metadata) => {
    const one = photo(name);
    expect(await sharp(one.bytes).metadata()).toMatchObject({ ...metadata, width: one.width, height: one.height });
    const converted = await sharp(one.bytes).toColorspace('srgb').webp({ quality: 90 }).toBuffer();
    expect(await cornerProblems(one, await outputVariant(converted))).toEqual([]);
  },
);

// sRGB's blue is nearly that of Display P3.
test('Display P3 looks wrong in red, green and yellow if its profile is ignored', async () => {
  const one = photo('display-p3.jpg');
  const { data, info } = await sharp(one.bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const careless = await sharp(data, { raw: { width, height, channels } }).webp({ quality: 90 }).toBuffer();
  expect(await cornerProblems(one, await outputVariant(careless))).toHaveLength(3);
});

test('every color photo is listed here', () => {
  expect(photos.map(({ name }) => name).toSorted()).toEqual(kinds.map(([name]) => name).toSorted());
});
