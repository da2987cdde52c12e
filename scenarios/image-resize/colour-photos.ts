import type { Sharp } from 'sharp';
import type { Colour, Corners, Photo } from './photo';
import { cardCorners, cardHeight, cardWidth, testCard, vividCorners } from './test-card';

/** The test card as print: four inks in a JPEG, as layout programs export it. */
export function cmykCard(): Promise<Photo> {
  return card('cmyk.jpg', 'CMYK JPEG', 'jpeg', 35, (picture) =>
    picture.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }),
  );
}

/** The test card in other colour spaces, depths and encodings; shown rightly, all look alike. */
export async function colourCards(): Promise<Photo[]> {
  const cards = await Promise.all([
    card('sixteen-bit.png', '16-bit PNG', 'png', 12, (picture) => picture.toColourspace('rgb16').png()),
    card('palette.png', 'palette PNG', 'png', 16, (picture) => picture.png({ palette: true, colours: 128, dither: 0 })),
    card('interlaced.png', 'interlaced PNG', 'png', 12, (picture) => picture.png({ progressive: true })),
    card('progressive.jpg', 'progressive JPEG', 'jpeg', 12, (picture) =>
      picture.jpeg({ progressive: true, quality: 95 }),
    ),
    card('still.webp', 'WebP', 'webp', 16, (picture) => picture.webp({ quality: 95 })),
    card('modern.avif', 'AVIF', 'avif', 16, (picture) => picture.avif({ quality: 80, effort: 0 })),
    card('scan.tiff', 'TIFF', 'tiff', 12, (picture) => picture.tiff({ compression: 'lzw' })),
  ]);
  return [await wideGamutCard(), ...cards, await greyCard()];
}

async function wideGamutCard(): Promise<Photo> {
  const picture = (await testCard(vividCorners)).withIccProfile('p3');
  const bytes = await picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  return describe('display-p3.jpg', 'Display P3 JPEG', 'jpeg', bytes, { colours: vividCorners, tolerance: 12 });
}

async function greyCard(): Promise<Photo> {
  const bytes = await (await testCard()).greyscale().toColourspace('b-w').jpeg({ quality: 95 }).toBuffer();
  const { topLeft, topRight, bottomRight, bottomLeft } = cardCorners;
  const colours = {
    topLeft: grey(topLeft),
    topRight: grey(topRight),
    bottomRight: grey(bottomRight),
    bottomLeft: grey(bottomLeft),
  };
  return describe('greyscale.jpg', 'greyscale JPEG', 'jpeg', bytes, { colours, tolerance: 12 });
}

/** The grey of the same luminance: weights of sRGB's primaries in linear light (IEC 61966-2-1). */
function grey([red, green, blue]: Colour): Colour {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const value = Math.round(255 * (luminance <= 0.0031308 ? 12.92 * luminance : 1.055 * luminance ** (1 / 2.4) - 0.055));
  return [value, value, value];
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

async function card(
  name: string,
  title: string,
  format: string,
  tolerance: number,
  encode: (picture: Sharp) => Sharp,
): Promise<Photo> {
  const bytes = await encode(await testCard()).toBuffer();
  return describe(name, title, format, bytes, { colours: cardCorners, tolerance });
}

function describe(
  name: string,
  title: string,
  format: string,
  bytes: Buffer,
  corners: { colours: Corners; tolerance: number },
): Photo {
  const contentType = `image/${format}`;
  return { name, title, bytes, contentType, width: cardWidth, height: cardHeight, format, corners };
}
