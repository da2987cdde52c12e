import { corrupt, unsupportedEncoding } from '../photo-errors';
import type { EncodedPhoto } from './encoded-photo';
import { hasAllBlocks, type HuffmanTable, type ScanComponent } from './jpeg-scan';

/** Markers of ITU T.81, table B.1: the second byte, after 0xff. */
const endOfImage = 0xd9;
const startOfScan = 0xda;
const huffmanTables = 0xc4;
const restartInterval = 0xdd;
/** Frame headers, of every coding process. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Coding processes of sharp's libjpeg: baseline, extended, progressive and lossless; extended and progressive arithmetic. */
const supportedFrames = [0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca];
const sequentialHuffman = [0xc0, 0xc1];
const progressiveHuffman = 0xc2;
/** Markers without a length: TEM, RST0 to RST7, SOI. */
const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

interface Frame {
  readonly process: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly id: number; readonly across: number; readonly down: number }[];
}

/** Facts from the segments of a file. */
interface Segments {
  frame?: Frame;
  /** Header and first byte of the entropy-coded data of each scan. */
  readonly scans: { readonly header: Uint8Array; readonly data: number }[];
  /** By class and destination, as a table's first byte has them. */
  readonly tables: Map<number, HuffmanTable>;
  restartInterval: number;
}

/**
 * Prepares a JPEG for libvips, which refuses a file whose only defect is a missing end marker, as some cameras and cut
 * downloads leave it. Where nothing else is missing, the marker is appended.
 *
 * @throws RejectedPhoto for a coding process that the decoder lacks, and for a file of which more is missing
 */
export function inspectJpeg(bytes: Uint8Array): EncodedPhoto {
  const segments: Segments = { scans: [], tables: new Map(), restartInterval: 0 };
  let position = 2;
  for (;;) {
    const marker = findMarker(bytes, position);
    if (marker === undefined) return withEndMarker(bytes, segments);
    const code = bytes[marker + 1] ?? 0;
    if (code === endOfImage) return { bytes };
    position = marker + 2;
    if (isStandalone(code)) continue;
    const length = readUint16(bytes, position);
    const segment = bytes.subarray(position + 2, position + length);
    // Left to the decoder.
    if (length < 2 || segment.length < length - 2) return { bytes };
    position += length;
    readSegment(code, segment, position, segments);
  }
}

/** Finds the next marker, past entropy-coded data, in which 0xff is followed by 0 or a restart marker. */
function findMarker(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code !== 0 && code !== 0xff) return at;
  }
  return undefined;
}

function readSegment(code: number, segment: Uint8Array, end: number, segments: Segments): void {
  if (isFrame(code)) segments.frame ??= readFrame(code, segment);
  if (code === huffmanTables) readTables(segment, segments.tables);
  if (code === restartInterval) segments.restartInterval = readUint16(segment, 0);
  if (code === startOfScan) segments.scans.push({ header: segment, data: end });
}

/** Reads a frame header (ITU T.81, B.2.2): precision, height, width, and of each component id, sampling and table. */
function readFrame(process: number, segment: Uint8Array): Frame {
  const [precision, count] = [segment[0], segment[5] ?? 0];
  if (!supportedFrames.includes(process) || precision !== 8 || ![1, 3, 4].includes(count)) throw unsupportedEncoding();
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0x11] = segment.subarray(6 + 3 * index);
    return { id, across: sampling >> 4, down: sampling & 0x0f };
  });
  return { process, height: readUint16(segment, 1), width: readUint16(segment, 3), components };
}

/** Reads Huffman tables (ITU T.81, B.2.4.2): the number of codes of each length, then the symbols. */
function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    tables.set(segment[at] ?? 0, { counts, symbols: segment.subarray(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function withEndMarker(bytes: Uint8Array, segments: Segments): EncodedPhoto {
  if (!isComplete(bytes, segments)) throw corrupt();
  return { bytes: Buffer.concat([bytes, Buffer.from([0xff, endOfImage])]), strict: true };
}

/**
 * Returns whether all that is missing is the end marker.
 *
 * libvips notices a scan that ends too early only where it reads all scans before the first line, as it does of several, and
 * not in the last lines of a single one.
 */
function isComplete(bytes: Uint8Array, { frame, scans, tables, restartInterval: interval }: Segments): boolean {
  const [scan] = scans;
  if (frame === undefined || scan === undefined) return false;
  if (frame.process === progressiveHuffman) return hasAllBits(frame, scans);
  if (!sequentialHuffman.includes(frame.process) || scan.header[0] !== frame.components.length) return false;
  const components = frame.components.map((component, index): ScanComponent | undefined => {
    const selectors = scan.header[2 + 2 * index] ?? 0;
    const [dc, ac] = [tables.get(selectors >> 4), tables.get(0x10 | (selectors & 0x0f))];
    return dc && ac && { ...component, dc, ac };
  });
  const usable = components.filter((component) => component !== undefined);
  return (
    usable.length === components.length && hasAllBlocks(bytes, scan.data, { ...frame, components: usable, interval })
  );
}

/**
 * Returns whether the scans of a progressive file carry every bit of every coefficient: libjpeg decodes one that lacks its last
 * scans without a warning, only coarser.
 *
 * A scan header (ITU T.81, B.2.3) has the components, the first and last coefficient, and the bits left out.
 */
function hasAllBits({ components }: Frame, scans: Segments['scans']): boolean {
  const missing = new Map(components.map(({ id }) => [id, Array.from({ length: 64 }, () => Infinity)]));
  for (const { header } of scans) {
    const count = header[0] ?? 0;
    const [first = 0, last = 63, approximation = 0] = header.subarray(1 + 2 * count);
    for (let index = 0; index < count; index++) {
      missing.get(header[1 + 2 * index] ?? -1)?.fill(approximation & 0x0f, first, last + 1);
    }
  }
  return [...missing.values()].every((bits) => bits.every((left) => left === 0));
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
