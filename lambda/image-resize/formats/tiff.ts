import { corrupt, unsupportedEncoding } from '../photo-errors';
import type { EncodedPhoto } from './encoded-photo';

/** Tags of TIFF 6.0 and of its supplements. */
const tags = {
  newSubfileType: 254,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  planarConfiguration: 284,
  tileWidth: 322,
  extraSamples: 338,
  sampleFormat: 339,
  dngVersion: 50_706,
} as const;

/** Compressions that sharp's libtiff decodes: none, CCITT (three), LZW, JPEG, Deflate (two codes), PackBits and WebP. */
const compressions = [1, 2, 3, 4, 5, 7, 8, 32_946, 32_773, 50_001];
const jpegCompression = 7;

/** Color channels and sample sizes of each photometric interpretation that libvips converts to sRGB correctly. */
const interpretations: Readonly<Record<number, { readonly colors: number; readonly bits: readonly number[] }>> = {
  0: { colors: 1, bits: [1, 2, 4, 8, 16] }, // white is zero
  1: { colors: 1, bits: [1, 2, 4, 8, 16] }, // black is zero
  2: { colors: 3, bits: [8, 16] }, // RGB
  3: { colors: 1, bits: [1, 2, 4, 8, 16] }, // palette
  5: { colors: 4, bits: [8, 16] }, // CMYK
  6: { colors: 3, bits: [8] }, // YCbCr
};
const yCbCr = 6;

/** sharp refuses images with more channels. */
const maximumChannels = 5;

/** Meaning of an extra channel (TIFF 6.0, ExtraSamples): 0 is unspecified, such as a saved selection. */
const alphaKinds = [1, 2];

type Directory = ReadonlyMap<number, readonly number[]>;

/**
 * Checks the first image of a TIFF: libvips decodes some encodings to wrong tones, and takes the last of any extra channels
 * for alpha, whatever the file says about it.
 *
 * @throws RejectedPhoto for encodings that come out wrong or not at all, and for a damaged directory
 */
export function inspectTiff(bytes: Uint8Array): EncodedPhoto {
  const directory = readDirectory(bytes);
  const values = (tag: number): readonly number[] => directory.get(tag) ?? [];
  const first = (tag: number, otherwise: number): number => values(tag)[0] ?? otherwise;

  // Camera raw files are TIFFs whose first image is a thumbnail.
  const isThumbnail = (first(tags.newSubfileType, 0) & 1) === 1;
  if (isThumbnail || directory.has(tags.dngVersion)) throw unsupportedEncoding();

  const photometric = first(tags.photometric, -1);
  const interpretation = interpretations[photometric];
  const compression = first(tags.compression, 1);
  const samples = first(tags.samplesPerPixel, 1);
  const bits = first(tags.bitsPerSample, 1);
  const isPlanarTiled = first(tags.planarConfiguration, 1) === 2 && directory.has(tags.tileWidth);
  const isSupported =
    interpretation?.bits.includes(bits) === true &&
    values(tags.bitsPerSample)
      .slice(0, samples)
      .every((one) => one === bits) &&
    // 4 is undefined, which libtiff reads as an unsigned integer, as it does where there is no such tag.
    values(tags.sampleFormat).every((format) => format === 1 || format === 4) &&
    compressions.includes(compression) &&
    (photometric !== yCbCr || compression === jpegCompression) &&
    samples <= maximumChannels &&
    !isPlanarTiled;
  if (!isSupported) throw unsupportedEncoding();
  if (samples < interpretation.colors) throw corrupt();
  return { bytes, ...keptChannels(samples - interpretation.colors, values(tags.extraSamples)) };
}

/**
 * Channels to keep where the decoded image has others than colors and one alpha channel after them.
 *
 * A single extra channel without a kind is alpha: https://github.com/python-pillow/Pillow/blob/main/src/PIL/TiffImagePlugin.py
 */
function keptChannels(extraChannels: number, kinds: readonly number[]): Pick<EncodedPhoto, 'channels'> {
  if (extraChannels === 0) return {};
  if (kinds.length === 0 && extraChannels === 1) return {};
  const alpha = kinds.slice(0, extraChannels).findIndex((kind) => alphaKinds.includes(kind));
  if (alpha === 0 && extraChannels === 1) return {};
  return { channels: alpha >= 0 ? [0, 1, 2, 3 + alpha] : [0, 1, 2] };
}

/** Bytes of a value of each type that is read: byte, short, long, directory offset, and BigTIFF's 8-byte integer. */
const typeSizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8 };
/** No tag that is read has more meaningful values. */
const maximumValues = 16;

/**
 * Reads the integer values of the first directory, at most 16 a tag.
 *
 * @throws RejectedPhoto where it is not inside the file
 */
export function readDirectory(bytes: Uint8Array): Directory {
  const reader = new TiffReader(bytes);
  const { isBig } = reader;
  const start = isBig ? reader.integer(8, 8) : reader.integer(4, 4);
  const count = reader.integer(start, isBig ? 8 : 2);
  const [firstEntry, entrySize] = isBig ? [start + 8, 20] : [start + 2, 12];
  if (count === 0 || count > 65_535 || firstEntry + count * entrySize > bytes.length) throw corrupt();
  const directory = new Map<number, readonly number[]>();
  for (let index = 0; index < count; index++) {
    const entry = firstEntry + index * entrySize;
    directory.set(reader.integer(entry, 2), readValues(reader, entry));
  }
  return directory;
}

function readValues(reader: TiffReader, entry: number): number[] {
  const { isBig } = reader;
  const size = typeSizes[reader.integer(entry + 2, 2)];
  if (size === undefined) return [];
  const [count, field, fieldSize] = isBig
    ? [reader.integer(entry + 4, 8), entry + 12, 8]
    : [reader.integer(entry + 4, 4), entry + 8, 4];
  const at = count * size <= fieldSize ? field : reader.integer(field, fieldSize);
  return Array.from({ length: Math.min(count, maximumValues) }, (_, index) => reader.integer(at + index * size, size));
}

/** Reads integers in the byte order of the file. */
class TiffReader {
  readonly isBig: boolean;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = bytes[0] === 0x49;
    this.isBig = this.integer(2, 2) === 43;
  }

  integer(at: number, size: number): number {
    if (at + size > this.#view.byteLength) throw corrupt();
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, this.#littleEndian);
    if (size === 4) return this.#view.getUint32(at, this.#littleEndian);
    return Number(this.#view.getBigUint64(at, this.#littleEndian));
  }
}
