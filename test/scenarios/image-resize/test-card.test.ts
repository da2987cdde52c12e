import './unguarded-sharp';
import sharp from 'sharp';
import { cornerProblems } from '../../../scenarios/image-resize/pixel-checks';
import { metadataCanary, type Photo } from '../../../scenarios/image-resize/photo';
import { orientedCards } from '../../../scenarios/image-resize/test-card';
import { outputVariant } from './decoded';

const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

const cards: Photo[] = [];
beforeAll(async () => {
  cards.push(...(await orientedCards()));
});

function card(orientation: number): Photo {
  const photo = cards[orientation - 1];
  if (photo === undefined) throw new Error(`no card has orientation ${orientation}`);
  return photo;
}

test.each(orientations)(
  'the card of orientation %i is upright once its orientation is applied',
  async (orientation) => {
    const photo = card(orientation);
    expect(await sharp(photo.bytes).metadata()).toMatchObject({ orientation, format: 'jpeg' });
    const upright = await sharp(photo.bytes).autoOrient().webp({ quality: 95 }).toBuffer();
    expect(await sharp(upright).metadata()).toMatchObject({ width: photo.width, height: photo.height });
    expect(await cornerProblems(photo, await outputVariant(upright))).toEqual([]);
  },
);

test.each(orientations.slice(1))(
  'the card of orientation %i fails the check if its orientation is ignored',
  async (orientation) => {
    const photo = card(orientation);
    const asStored = await sharp(photo.bytes).webp({ quality: 95 }).toBuffer();
    expect(await cornerProblems(photo, await outputVariant(asStored))).not.toEqual([]);
  },
);

test('each card has GPS, camera and XMP metadata that contain the canary', async () => {
  for (const { bytes } of cards) {
    const { exif, xmp } = await sharp(bytes).metadata();
    // Tag 0x8825 points to the GPS directory.
    expect(
      exif?.includes(Buffer.from([0x88, 0x25])) === true || exif?.includes(Buffer.from([0x25, 0x88])) === true,
    ).toBe(true);
    expect([exif?.includes(metadataCanary), xmp?.includes(metadataCanary)]).toEqual([true, true]);
  }
});
