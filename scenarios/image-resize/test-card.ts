import sharp, { type Sharp } from 'sharp';
import { metadataCanary, type Corners, type Photo } from './photo';
import { phoneExif, readPhotograph } from './photographs';

export const cardWidth = 600;
export const cardHeight = 400;
const patch = 100;

/** Colors within the CMYK gamut. */
export const cardCorners: Corners = {
  topLeft: [190, 70, 60],
  topRight: [80, 150, 90],
  bottomRight: [70, 100, 160],
  bottomLeft: [220, 190, 90],
};

/** Colors at the edge of sRGB, for which Display P3 has clearly different values. */
export const vividCorners: Corners = {
  topLeft: [230, 20, 20],
  topRight: [20, 200, 30],
  bottomRight: [20, 30, 220],
  bottomLeft: [230, 220, 20],
};

/** Returns a photograph with a colored square in each corner, which shows rotation, mirroring and wrong colors. */
export async function testCard(corners = cardCorners): Promise<Sharp> {
  const photograph = await readPhotograph('coffee');
  const square = ([r, g, b]: readonly [number, number, number], left: number, top: number) => ({
    input: { create: { width: patch, height: patch, channels: 3 as const, background: { r, g, b } } },
    left,
    top,
  });
  const [right, bottom] = [cardWidth - patch, cardHeight - patch];
  const { data, info } = await sharp(photograph)
    .composite([
      square(corners.topLeft, 0, 0),
      square(corners.topRight, right, 0),
      square(corners.bottomRight, right, bottom),
      square(corners.bottomLeft, 0, bottom),
    ])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
}

/** Rotation, then mirroring, of the stored pixels so that each EXIF orientation displays them upright. */
const stored: readonly { readonly degrees: number; readonly mirror?: 'flip' | 'flop' }[] = [
  { degrees: 0 },
  { degrees: 0, mirror: 'flop' },
  { degrees: 180 },
  { degrees: 0, mirror: 'flip' },
  { degrees: 90, mirror: 'flop' },
  { degrees: 270 },
  { degrees: 90, mirror: 'flip' },
  { degrees: 90 },
];

/** Returns the test card in each of the eight EXIF orientations; displayed, all look alike. */
export function orientedCards(): Promise<Photo[]> {
  return Promise.all(stored.map((_, index) => orientedCard(index + 1)));
}

async function orientedCard(orientation: number): Promise<Photo> {
  const { degrees, mirror } = stored[orientation - 1] ?? { degrees: 0 };
  // Two passes, since sharp chooses the order of rotation and mirroring within one.
  const rotated = sharp(await (await testCard()).rotate(degrees).png().toBuffer());
  const placed = mirror === undefined ? rotated : rotated[mirror]();
  const bytes = await placed
    .withExif(phoneExif)
    .withXmp(
      `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><c>${metadataCanary}</c></x:xmpmeta>`,
    )
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
  return {
    name: `orientation-${orientation}.jpg`,
    title: `EXIF orientation ${orientation}`,
    bytes,
    contentType: 'image/jpeg',
    width: cardWidth,
    height: cardHeight,
    format: 'jpeg',
    corners: { colors: cardCorners, tolerance: 12 },
  };
}
