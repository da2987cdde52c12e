import { constants, crc32, deflateRawSync } from 'node:zlib';

export interface BlankPng {
  readonly width: number;
  readonly height: number;
  /** Channels of 8 bits each. */
  readonly color: 'rgb' | 'rgba';
  /** Adam7: seven passes over the image, which a decoder can only join with the whole image in memory. */
  readonly interlaced: boolean;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const colorTypes = { rgb: { type: 2, bytes: 3 }, rgba: { type: 6, bytes: 4 } };
/** The seven passes of Adam7: first column and row, and the step between them (PNG specification, 8.2). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Returns a valid PNG of zeros, about a thousandth of its decoded size, in milliseconds and with little memory. */
export function blankPng({ width, height, color, interlaced }: BlankPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colorTypes[color].type, 0, 0, interlaced ? 1 : 0], 8);
  const rows = interlaced
    ? passes.map(
        ([left, top, across, down]) => [Math.ceil((width - left) / across), Math.ceil((height - top) / down)] as const,
      )
    : [[width, height] as const];
  // A filter byte starts each row; a pass without columns has no rows.
  const size = rows.reduce((sum, [w, h]) => sum + (w > 0 ? h * (1 + w * colorTypes[color].bytes) : 0), 0);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflatedZeros(size)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const blockSize = 1 << 20;

/** Returns the zlib stream of `size` zero bytes, from one deflated block that is repeated. */
function deflatedZeros(size: number): Buffer {
  // After a full flush a block ends on a whole byte and refers to nothing before it, so blocks can be concatenated.
  const block = deflateRawSync(Buffer.alloc(blockSize), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(Buffer.alloc(size % blockSize), { level: 9 });
  const checksum = Buffer.alloc(4);
  // Adler-32 of n zeros: the low half stays 1, the high half is n modulo 65521.
  checksum.writeUInt32BE((((size % 65_521) << 16) | 1) >>> 0);
  const blocks = Array.from({ length: Math.floor(size / blockSize) }, () => block);
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...blocks, rest, checksum]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
