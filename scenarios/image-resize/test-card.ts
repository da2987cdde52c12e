import sharp, { type Sharp } from 'sharp';
import { metadataCanary, type Corners, type Photo } from './photo';
import { phoneExif, readPhotograph } from './photographs';

export const cardWidth = 600;
export const cardHeight = 400;
const patch = 100;

/** Within the gamut of print, so that CMYK can hold them. */
export const cardCorners: Corners = {
  topLeft: [190, 70, 60],
  topRight: [80, 150, 90],
  bottomRight: [70, 100, 160],
  bottomLeft: [220, 190, 90],
};

/** At the edge of sRGB, where Display P3 has clearly other numbers for the same colours. */
export const vividCorners: Corners = {
  topLeft: [230, 20, 20],
  topRight: [20, 200, 30],
  bottomRight: [20, 30, 220],
  bottomLeft: [230, 220, 20],
};

/** A photograph with a coloured square in each corner, by which one sees what was turned, mirrored or recoloured. */
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

/** How pixels must lie in the file so that the EXIF orientation shows them upright: first the turn, then the mirror. */
const stored: readonly { readonly turn: number; readonly mirror?: 'flip' | 'flop' }[] = [
  { turn: 0 },
  { turn: 0, mirror: 'flop' },
  { turn: 180 },
  { turn: 0, mirror: 'flip' },
  { turn: 90, mirror: 'flop' },
  { turn: 270 },
  { turn: 90, mirror: 'flip' },
  { turn: 90 },
];

/** The test card once for each of the eight EXIF orientations; displayed, all look alike. */
export function orientedCards(): Promise<Photo[]> {
  return Promise.all(stored.map((_, index) => orientedCard(index + 1)));
}

async function orientedCard(orientation: number): Promise<Photo> {
  const { turn, mirror } = stored[orientation - 1] ?? { turn: 0 };
  // Two passes, since sharp decides itself in which order it turns and mirrors within one.
  const turned = sharp(await (await testCard()).rotate(turn).png().toBuffer());
  const placed = mirror === undefined ? turned : turned[mirror]();
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
    corners: { colours: cardCorners, tolerance: 12 },
  };
}
