import sharp, { type Sharp } from 'sharp';
import { deflateSync, crc32 } from 'node:zlib';

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

export const red: Rgba = [220, 40, 30, 255];
export const green: Rgba = [40, 170, 60, 255];
export const blue: Rgba = [30, 60, 200, 255];
export const yellow: Rgba = [240, 220, 50, 255];

/** Quarters red, green, blue and yellow (left to right, top to bottom), so that every rotation and mirroring shows. */
export function quarters(width = 120, height = 80, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = y < height / 2 ? (x < width / 2 ? red : green) : x < width / 2 ? blue : yellow;
      data.set(color.slice(0, channels), (y * width + x) * channels);
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** An image of one color. */
export function plain(color: Rgba, width = 60, height = 40): Sharp {
  const [r, g, b, alpha] = color;
  return sharp({ create: { width, height, channels: 4, background: { r, g, b, alpha: alpha / 255 } } });
}

/** The quarters as a camera in this EXIF orientation stores them. */
export async function oriented(orientation: number): Promise<Buffer> {
  const upright = await quarters().png().toBuffer();
  const rotated = async (degrees: number): Promise<Sharp> =>
    sharp(await sharp(upright).rotate(degrees).png().toBuffer());
  const stored = {
    1: async () => sharp(upright),
    2: async () => sharp(upright).flop(),
    3: () => rotated(180),
    4: async () => sharp(upright).flip(),
    5: async () => (await rotated(90)).flop(),
    6: () => rotated(270),
    7: async () => (await rotated(90)).flip(),
    8: () => rotated(90),
  }[orientation];
  if (!stored) throw new Error(`unknown EXIF orientation ${orientation}: use 1 to 8`);
  return (await stored()).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
}

/** An animation with one frame of each color. */
export async function animation(
  colors: readonly Rgba[],
  delay: number[],
  loop: number,
  format: 'gif' | 'webp' = 'gif',
): Promise<Buffer> {
  const frames = await Promise.all(colors.map((color) => plain(color).png().toBuffer()));
  const joined = sharp(frames, { join: { animated: true } });
  return (format === 'gif' ? joined.gif({ delay, loop }) : joined.webp({ delay, loop, lossless: true })).toBuffer();
}

/** Returns a pixel as red, green, blue and alpha; of one page of an animation. */
export async function pixel(image: Buffer, x: number, y: number, page = 0): Promise<Rgba> {
  const { data, info } = await sharp(image, { page })
    .ensureAlpha()
    .toColorspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.round(y) * info.width + Math.round(x)) * 4;
  const [r = -1, g = -1, b = -1, a = -1] = data.subarray(at, at + 4);
  return [r, g, b, a];
}

/** A PNG whose header claims a size, followed by next to nothing. */
export function pngThatClaims(width: number, height: number, interlaced = false): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, interlaced ? 1 : 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Start of a HEIC file as phones write it. */
export const heic = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'),
  Buffer.alloc(4_000),
]);

/** Inserts a color profile into a JPEG; its pixels do not change. */
export function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
  const segment = Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, body, jpeg.subarray(2)]);
}

/**
 * The Adobe RGB (1998) color space as an ICC profile, version 2.
 *
 * The primaries are the specification's, adapted to D50 (https://www.adobe.com/digitalimag/pdfs/AdobeRGB1998.pdf, annex A).
 */
export function adobeRgbProfile(): Buffer {
  const fixed = (value: number): number => Math.round(value * 65_536);
  const xyz = (...values: number[]): Buffer => {
    const tag = Buffer.alloc(20);
    tag.write('XYZ ', 0, 'latin1');
    values.forEach((value, index) => tag.writeInt32BE(fixed(value), 8 + 4 * index));
    return tag;
  };
  const curve = Buffer.alloc(16);
  curve.write('curv', 0, 'latin1');
  curve.writeUInt32BE(1, 8);
  curve.writeUInt16BE(Math.round(2.19921875 * 256), 12);
  const description = Buffer.alloc(104);
  description.write('desc', 0, 'latin1');
  description.writeUInt32BE(10, 8);
  description.write('Adobe RGB', 12, 'latin1');
  const tags: [string, Buffer][] = [
    ['desc', description],
    ['wtpt', xyz(0.9505, 1, 1.0891)],
    ['rXYZ', xyz(0.60974, 0.31111, 0.01947)],
    ['gXYZ', xyz(0.20528, 0.62567, 0.06087)],
    ['bXYZ', xyz(0.14919, 0.06322, 0.74457)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const header = Buffer.alloc(128);
  header.writeUInt32BE(0x02100000, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  [0.9642, 1, 0.82491].forEach((value, index) => header.writeInt32BE(fixed(value), 68 + 4 * index));
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  let offset = header.length + table.length;
  tags.forEach(([name, data], index) => {
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    offset += data.length;
  });
  const profile = Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
}
