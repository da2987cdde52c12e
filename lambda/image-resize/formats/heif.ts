import { corrupt, RejectedPhoto, unsupportedEncoding } from '../photo-errors';
import type { EncodedPhoto } from './encoded-photo';

/** Item types of AV1 and HEVC images (AV1 Image File Format; ISO/IEC 23008-12). */
const av1 = 'av01';
const hevc = ['hvc1', 'hev1', 'lhv1'];
/** Types of items that are made from others: their codec is that of the others. */
const derived = ['grid', 'iden', 'iovl', 'tmap'];

/**
 * Prepares an AVIF for libvips, which decides by the first brand of a file: one that starts with `avis` (animated) is unknown
 * to it and one with `mif1` counts as HEIC, although both hold the same kind of image. The brand becomes `avif`.
 *
 * @throws RejectedPhoto for HEIC, whose decoder sharp's prebuilt packages omit for patent reasons, and for other codecs
 */
export function inspectHeif(bytes: Uint8Array): EncodedPhoto {
  const top = [...boxes(bytes, 0, bytes.length)];
  // Bytes after the last box look like a box of another type.
  if (top.some(({ type, end }) => /^(ftyp|meta|mdat|moov)$/.test(type) && end > bytes.length)) throw corrupt();
  const brands = readBrands(bytes);
  const meta = top.find(({ type }) => type === 'meta');
  if (meta === undefined) {
    if (brands.some(isHeic)) throw heicNotSupported();
    // An animation that has a track and no image of its own.
    throw top.some(({ type }) => type === 'moov') ? unsupportedEncoding() : corrupt();
  }
  const items = readItems(bytes, meta);
  if (items.codec === 'hevc') throw heicNotSupported();
  if (items.codec !== 'av1') throw unsupportedEncoding();
  return { bytes: asAvif(bytes), ...(items.premultiplied && { premultiplied: true }) };
}

/** Returns whether a file type box names HEIF images; other files of this structure are videos, mostly. */
export function isHeif(bytes: Uint8Array): boolean {
  return readBrands(bytes).some((brand) => /^(avif|avis|mif[123]|msf1|miaf)$/.test(brand) || isHeic(brand));
}

/** Bytes of a file type box that are read. */
const maximumFileType = 1_024;

const isHeic = (brand: string): boolean => /^(heic|heix|heim|heis|hevc|hevx|hevm|hevs)$/.test(brand);

function heicNotSupported(): RejectedPhoto {
  return new RejectedPhoto('heic-not-supported', 'HEIC images are not accepted: export the photo as JPEG.');
}

function asAvif(bytes: Uint8Array): Uint8Array {
  if (text(bytes, 8) === 'avif') return bytes;
  const copy = Buffer.from(bytes);
  copy.write('avif', 8, 'latin1');
  return copy;
}

interface Box {
  readonly type: string;
  /** Offsets of the content. */
  readonly start: number;
  readonly end: number;
}

/** Reads the boxes of a range (ISO/IEC 14496-12, 4.2); the last one may end outside of it. */
function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  while (at + 8 <= to) {
    const short = view.getUint32(at);
    const type = text(bytes, at + 4);
    const header = short === 1 ? 16 : 8;
    if (at + header > to) return;
    const size = short === 0 ? to - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < header) return;
    yield { type, start: at + header, end: at + size };
    at += size;
  }
}

/** Reads the brands of the file type box that such a file starts with: the first one, then, after a version, all others. */
function readBrands(bytes: Uint8Array): string[] {
  const [fileType] = boxes(bytes, 0, bytes.length);
  if (fileType?.type !== 'ftyp') return [];
  const end = Math.min(fileType.end, bytes.length, maximumFileType);
  const brands = [text(bytes, fileType.start)];
  for (let at = fileType.start + 8; at + 4 <= end; at += 4) brands.push(text(bytes, at));
  return brands;
}

/** Reads the codec of the primary image, and whether its colors are premultiplied, from the boxes of the `meta` box. */
function readItems(bytes: Uint8Array, meta: Box): { codec: 'av1' | 'hevc' | 'other'; premultiplied: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // `meta` and its children start with a version and flags of four bytes together.
  const children = [...boxes(bytes, meta.start + 4, meta.end)];
  if (children.some(({ end }) => end > meta.end)) throw corrupt();
  const child = (name: string): Box | undefined => children.find(({ type }) => type === name);
  const info = child('iinf');
  const primary = child('pitm');
  if (info === undefined || primary === undefined || info.start + 6 > info.end) throw corrupt();
  const primaryId = readId(view, primary.start + 4, primary.end, view.getUint8(primary.start) > 0);
  const types = new Map<number, string>();
  const countSize = view.getUint8(info.start) === 0 ? 2 : 4;
  for (const entry of boxes(bytes, info.start + 4 + countSize, info.end)) {
    if (entry.type !== 'infe' || entry.start + 12 > entry.end) continue;
    const isLong = view.getUint8(entry.start) === 3;
    types.set(readId(view, entry.start + 4, entry.end, isLong), text(bytes, entry.start + (isLong ? 10 : 8)));
  }
  const type = types.get(primaryId) ?? '';
  const found = derived.includes(type) ? [...types.values()] : [type];
  const codec = found.includes(av1) ? 'av1' : found.some((one) => hevc.includes(one)) ? 'hevc' : 'other';
  return { codec, premultiplied: isPremultiplied(bytes, view, child('iref'), primaryId) };
}

/** A reference `prem` from the image to its alpha channel says that the colors are premultiplied. */
function isPremultiplied(bytes: Uint8Array, view: DataView, references: Box | undefined, id: number): boolean {
  if (references === undefined || references.start + 4 > references.end) return false;
  const isLong = view.getUint8(references.start) > 0;
  return [...boxes(bytes, references.start + 4, references.end)].some(
    ({ type, start, end }) => type === 'prem' && readId(view, start, end, isLong) === id,
  );
}

function readId(view: DataView, at: number, end: number, isLong: boolean): number {
  if (at + (isLong ? 4 : 2) > end) throw corrupt();
  return isLong ? view.getUint32(at) : view.getUint16(at);
}

function text(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', at, at + 4);
}
