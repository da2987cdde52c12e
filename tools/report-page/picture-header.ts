/** Header of a picture; width and height in pixels, as displayed. */
export interface PictureHeader {
  readonly contentType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif' | 'image/gif';
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
}

/** Reads the header of a picture that browsers show; undefined for other files, SVG included. */
export function readPictureHeader(bytes: Buffer): PictureHeader | undefined {
  try {
    return png(bytes) ?? gif(bytes) ?? webp(bytes) ?? avif(bytes) ?? jpeg(bytes);
  } catch {
    // Buffer throws where the bytes end before the header does.
    return undefined;
  }
}

function png(bytes: Buffer): PictureHeader | undefined {
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  // The chunk acTL, which makes it an APNG, stands before the pixels.
  const pixels = bytes.indexOf('IDAT');
  const control = bytes.indexOf('acTL');
  return { contentType: 'image/png', width, height, animated: control !== -1 && control < pixels };
}

function gif(bytes: Buffer): PictureHeader | undefined {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined;
  const frame = Buffer.from([0x21, 0xf9, 0x04]);
  const first = bytes.indexOf(frame);
  const animated = first !== -1 && bytes.indexOf(frame, first + 1) !== -1;
  return { contentType: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), animated };
}

function webp(bytes: Buffer): PictureHeader | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  const contentType = 'image/webp';
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X': {
      const animated = (bytes.readUInt8(20) & 0x02) !== 0;
      return { contentType, width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3), animated };
    }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { contentType, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff), animated: false };
    }
    case 'VP8 ': {
      const [width, height] = [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
      return { contentType, width, height, animated: false };
    }
    default:
      return undefined;
  }
}

function avif(bytes: Buffer): PictureHeader | undefined {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  const brands = bytes.toString('latin1', 8, bytes.readUInt32BE(0));
  if (!/avi[fs]/.test(brands)) return undefined;
  // A picture made of tiles has a size for each tile too; its own is the largest.
  let [width, height] = [0, 0];
  for (let box = bytes.indexOf('ispe'); box !== -1; box = bytes.indexOf('ispe', box + 1)) {
    if (box + 16 > bytes.length) break;
    width = Math.max(width, bytes.readUInt32BE(box + 8));
    height = Math.max(height, bytes.readUInt32BE(box + 12));
  }
  return width === 0 ? undefined : { contentType: 'image/avif', width, height, animated: brands.includes('avis') };
}

function jpeg(bytes: Buffer): PictureHeader | undefined {
  if (bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let sideways = false;
  for (let at = 2; bytes.readUInt8(at) === 0xff;) {
    const marker = bytes.readUInt8(at + 1);
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xe1) sideways ||= isSideways(bytes.subarray(at + 4, at + 2 + length));
    // Frame headers, but for three of the range that mean something else.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      const displayed = sideways ? { width: height, height: width } : { width, height };
      return { contentType: 'image/jpeg', ...displayed, animated: false };
    }
    at += 2 + length;
  }
  return undefined;
}

/** Whether the EXIF orientation of the segment, 5 to 8, turns the picture by a quarter. */
function isSideways(segment: Buffer): boolean {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return false;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(directory); entry += 1) {
    const at = directory + 2 + entry * 12;
    if (short(at) === 0x0112) return short(at + 8) >= 5 && short(at + 8) <= 8;
  }
  return false;
}
