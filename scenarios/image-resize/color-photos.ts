import type { Sharp } from 'sharp';
import type { Color, Corners, Photo } from './photo';
import { cardCorners, cardHeight, cardWidth, testCard, vividCorners } from './test-card';

/** The test card in CMYK, as layout programs export it. */
export function cmykCard(): Promise<Photo> {
  return card('cmyk.jpg', 'CMYK JPEG', 'jpeg', 35, (picture) =>
    picture.toColorspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }),
  );
}

/** The test card in other color spaces, depths and encodings; displayed correctly, all look alike. */
export async function colorCards(): Promise<Photo[]> {
  const cards = await Promise.all([
    card('sixteen-bit.png', '16-bit PNG', 'png', 12, (picture) => picture.toColorspace('rgb16').png()),
    card('palette.png', 'palette PNG', 'png', 16, (picture) => picture.png({ palette: true, colors: 128, dither: 0 })),
    card('interlaced.png', 'interlaced PNG', 'png', 12, (picture) => picture.png({ progressive: true })),
    card('progressive.jpg', 'progressive JPEG', 'jpeg', 12, (picture) =>
      picture.jpeg({ progressive: true, quality: 95 }),
    ),
    card('still.webp', 'WebP', 'webp', 16, (picture) => picture.webp({ quality: 95 })),
    card('modern.avif', 'AVIF', 'avif', 16, (picture) => picture.avif({ quality: 80, effort: 0 })),
    card('scan.tiff', 'TIFF', 'tiff', 12, (picture) => picture.tiff({ compression: 'lzw' })),
  ]);
  return [await wideGamutCard(), ...cards, await grayCard()];
}

async function wideGamutCard(): Promise<Photo> {
  const picture = (await testCard(vividCorners)).withIccProfile('p3');
  const bytes = await picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  return describe('display-p3.jpg', 'Display P3 JPEG', 'jpeg', bytes, { colors: vividCorners, tolerance: 12 });
}

async function grayCard(): Promise<Photo> {
  const bytes = await (await testCard()).grayscale().toColorspace('b-w').jpeg({ quality: 95 }).toBuffer();
  const { topLeft, topRight, bottomRight, bottomLeft } = cardCorners;
  const colors = {
    topLeft: gray(topLeft),
    topRight: gray(topRight),
    bottomRight: gray(bottomRight),
    bottomLeft: gray(bottomLeft),
  };
  return describe('grayscale.jpg', 'grayscale JPEG', 'jpeg', bytes, { colors, tolerance: 12 });
}

/** The gray of the same luminance: weights of sRGB's primaries in linear light (IEC 61966-2-1). */
function gray([red, green, blue]: Color): Color {
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
  return describe(name, title, format, bytes, { colors: cardCorners, tolerance });
}

function describe(
  name: string,
  title: string,
  format: string,
  bytes: Buffer,
  corners: { colors: Corners; tolerance: number },
): Photo {
  const contentType = `image/${format}`;
  return { name, title, bytes, contentType, width: cardWidth, height: cardHeight, format, corners };
}
