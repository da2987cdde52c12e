import iconv from 'text-encodings';
import { Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FileRefusedError } from './errors';
import type { Format } from './file';
import { ZstdFrames } from './zstd-frames';

/** Kind of compression, by the first bytes of the file: its name is what somebody called it. */
export function compressionOf(start: Buffer): Format['compression'] {
  if (start.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'gzip';
  if (start.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'zstd';
  return 'none';
}

const byteOrderMarks = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/** Encoding by the byte order mark that the text begins with; undefined without one. */
export function markedEncoding(start: Buffer): Format['encoding'] | undefined {
  return byteOrderMarks.find(([, mark]) => start.subarray(0, mark.length).equals(Buffer.from(mark)))?.[0];
}

/** Whether the text is the file's bytes, so that a place in the one is a place in the other. */
export function isPlain({ compression, encoding }: Format): boolean {
  return compression === 'none' && encoding === 'utf-8';
}

export interface DecodeLimits {
  /** Bytes of the file as it is stored. */
  readonly storedBytes: number;
  readonly maximumBytes: number;
}

/** Times that text may be larger than its file: rows that resemble each other reach 20, a bomb a thousand. */
const maximumRatio = 250;
/** Size below which the ratio says nothing. */
const smallBytes = 64 * 1_024 ** 2;

/** Decompresses a file. @throws FileRefusedError if it is damaged, or larger than a file may be */
export async function* decompress(
  blocks: AsyncIterable<Buffer>,
  compression: Format['compression'],
  { storedBytes, maximumBytes }: DecodeLimits,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const block of compression === 'none' ? blocks : through(blocks, compression)) {
    total += block.length;
    if (total > maximumBytes)
      throw new FileRefusedError(`use files of at most ${maximumBytes} bytes when decompressed`);
    if (total > smallBytes && total > storedBytes * maximumRatio) {
      throw new FileRefusedError(`its text is more than ${maximumRatio} times as large as the file`);
    }
    yield block;
  }
}

async function* through(blocks: AsyncIterable<Buffer>, compression: 'gzip' | 'zstd'): AsyncGenerator<Buffer> {
  const decoder: Transform = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  const frames = compression === 'zstd' ? new ZstdFrames() : undefined;
  const stored = Readable.from(followed(blocks, frames), { objectMode: false });
  // An error of reading is thrown here, not one of the stream that it interrupts.
  stored.on('error', (error) => decoder.destroy(error));
  stored.pipe(decoder);
  try {
    for await (const block of decoder) yield block as Buffer;
    if (frames?.isWhole === false) throw new FileRefusedError('it is damaged or cut off');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (/^(Z|ZSTD)_/.test(code) || code.startsWith('ERR_ZSTD'))
      throw new FileRefusedError(`it is damaged or cut off (${code})`);
    throw error;
  } finally {
    stored.destroy();
    decoder.destroy();
  }
}

async function* followed(blocks: AsyncIterable<Buffer>, frames: ZstdFrames | undefined): AsyncGenerator<Buffer> {
  for await (const block of blocks) {
    frames?.push(block);
    yield block;
  }
}

/** Turns text of an encoding into UTF-8, without its byte order mark. */
export async function* toUtf8(blocks: AsyncIterable<Buffer>, encoding: Format['encoding']): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* blocks;
    return;
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  let half = '';
  for await (const block of blocks) {
    const text = half + decoder.write(block);
    // A character of two code units may be cut between two blocks.
    half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    yield Buffer.from(half === '' ? text : text.slice(0, -1));
  }
  yield Buffer.from(half + (decoder.end() ?? ''));
}

/**
 * Leaves out the first bytes, of a text that has no place in the file to begin at.
 *
 * @throws FileRefusedError if they alone take all the time that there is: the next attempt would come no further
 */
export async function* skip(
  blocks: AsyncIterable<Buffer>,
  bytes: number,
  hasTimeLeft: () => boolean,
): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const block of blocks) {
    if (left < block.length) yield block.subarray(left);
    left = Math.max(0, left - block.length);
    if (left > 0 && !hasTimeLeft()) {
      throw new FileRefusedError('decoding it up to where the split had come takes longer than a function may run');
    }
  }
}
