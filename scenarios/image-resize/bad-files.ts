import sharp from 'sharp';
import type { RejectionReason } from '../../lambda/image-resize/manifest';
import { blankPng } from './blank-png';
import { readPhotograph } from './photographs';

/** A file that can never be resized, and the reason. */
export interface BadFile {
  readonly name: string;
  readonly title: string;
  readonly bytes: Buffer;
  readonly reason: RejectionReason;
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">
  <image xlink:href="file:///etc/hostname" width="40" height="40"/><rect width="40" height="40" fill="red"/></svg>`;
const html = '<!doctype html><title>Not a photo</title><script>alert(1)</script>';

/** Files that are not photos, or damaged ones. */
export async function badFiles(): Promise<BadFile[]> {
  const jpeg = await readPhotograph('coffee');
  const png = await sharp(jpeg).png().toBuffer();
  const webp = await sharp(jpeg).webp().toBuffer();
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
  const text = (content: string): Buffer => Buffer.from(content, 'utf8');
  return [
    bad('empty.jpg', 'an empty file', Buffer.alloc(0), 'empty'),
    bad('text.jpg', 'text named .jpg', text('This is not a photo.\n'.repeat(50)), 'unsupported-format'),
    bad('page.png', 'HTML named .png', text(html), 'unsupported-format'),
    bad('drawing.png', 'SVG named .png', text(svg), 'unsupported-format'),
    bad('drawing.svg', 'SVG with an XML declaration', text(`<?xml version="1.0"?>\n${svg}`), 'unsupported-format'),
    bad('document.pdf', 'PDF', text('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n'), 'unsupported-format'),
    bad('truncated.jpg', 'truncated JPEG', half(jpeg), 'corrupt'),
    bad('truncated.png', 'truncated PNG', half(png), 'corrupt'),
    bad('truncated.webp', 'truncated WebP', half(webp), 'corrupt'),
    bad('header-only.png', 'PNG that ends after its header', png.subarray(0, 33), 'corrupt'),
    bad('photo.heic', 'HEIC', heic(), 'heic-not-supported'),
    bad('twelve-bit.jpg', 'JPEG of 12 bits a sample', withPrecision(jpeg, 12), 'unsupported-encoding'),
  ];
}

/** A JPEG followed by so many zeros that it is one byte over the limit. */
export async function tooLargeFile(maximumBytes: number): Promise<BadFile> {
  const jpeg = await readPhotograph('coffee');
  const bytes = Buffer.concat([jpeg, Buffer.alloc(maximumBytes + 1 - jpeg.length)]);
  return bad('too-large.jpg', `a file of ${maximumBytes + 1} bytes`, bytes, 'too-large');
}

/** Small files that decode to more memory than a function has. */
export async function bombs(): Promise<BadFile[]> {
  const huge = blankPng({ width: 30_000, height: 30_000, color: 'rgb', interlaced: false });
  // One pixel a side below sharp's default limit: only a limit of our own stops it.
  const interlaced = blankPng({ width: 16_383, height: 16_383, color: 'rgba', interlaced: true });
  return [
    bad('bomb.png', 'PNG of 30,000 x 30,000 pixels', huge, 'too-many-pixels'),
    bad('interlaced-bomb.png', 'interlaced RGBA PNG of 16,383 x 16,383 pixels', interlaced, 'too-many-pixels'),
    bad('claims.jpg', 'JPEG whose header claims 30,000 x 30,000 pixels', await claimingJpeg(30_000), 'too-many-pixels'),
    bad('frames.gif', 'GIF of 16 frames on a canvas of 2,000 x 2,000 pixels', framesGif(2_000, 16), 'too-many-pixels'),
  ];
}

/** Start of a HEIC file as phones write it: enough to be recognized, without an image. */
function heic(): Buffer {
  const box = (type: string, content: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(8 + content.length);
    return Buffer.concat([size, Buffer.from(type, 'latin1'), content]);
  };
  const brands = Buffer.concat([Buffer.from('heic', 'latin1'), Buffer.alloc(4), Buffer.from('mif1heic', 'latin1')]);
  return Buffer.concat([box('ftyp', brands), box('mdat', Buffer.alloc(64))]);
}

async function claimingJpeg(side: number): Promise<Buffer> {
  const bytes = Buffer.from(await readPhotograph('coffee'));
  const frame = baselineFrame(bytes);
  // Marker, length and precision come before height and width (ITU T.81, B.2.2).
  bytes.writeUInt16BE(side, frame + 5);
  bytes.writeUInt16BE(side, frame + 7);
  return bytes;
}

function withPrecision(jpeg: Buffer, bits: number): Buffer {
  const bytes = Buffer.from(jpeg);
  // Marker and length come before the precision (ITU T.81, B.2.2).
  bytes[baselineFrame(bytes) + 4] = bits;
  return bytes;
}

function baselineFrame(jpeg: Buffer): number {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  if (frame < 0) throw new Error('coffee.jpg has no baseline frame header (FFC0): encode it without progressive');
  return frame;
}

/** Frames of one pixel each, which decoders expand to the canvas; libvips rejects sides over 2,048. */
function framesGif(side: number, frames: number): Buffer {
  const canvas = Buffer.alloc(13);
  canvas.write('GIF89a', 'latin1');
  canvas.writeUInt16LE(side, 6);
  canvas.writeUInt16LE(side, 8);
  canvas.set([0x80, 0, 0], 10);
  const palette = Buffer.from([0, 0, 0, 255, 255, 255]);
  const control = Buffer.from([0x21, 0xf9, 4, 0, 10, 0, 0, 0]);
  const pixel = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  const frame = Buffer.concat([control, pixel]);
  return Buffer.concat([canvas, palette, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
}

function bad(name: string, title: string, bytes: Buffer, reason: RejectionReason): BadFile {
  return { name, title, bytes, reason };
}
