import fc from 'fast-check';
import { constants, zstdCompressSync } from 'node:zlib';
import { ZstdFrames } from '../../../lambda/etl-pipeline/zstd-frames';

function isWhole(bytes: Buffer, size = 1_000): boolean {
  const frames = new ZstdFrames();
  for (let at = 0; at < bytes.length; at += size) frames.push(bytes.subarray(at, at + size));
  return frames.isWhole;
}

const skippable = Buffer.concat([Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('other')]);

/** Text of every kind of block: raw, repeated and compressed, up to several of 128 KB. */
const text = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 1, max: 300_000 }).map((length) => Buffer.alloc(length, 'x')),
      fc.integer({ min: 1, max: 2_000 }).map((length) => Buffer.from('row, '.repeat(length))),
    ),
    { maxLength: 4 },
  )
  .map((parts) => Buffer.concat(parts));

it('a file is whole at its end, and nowhere before it', () => {
  fc.assert(
    fc.property(
      text,
      fc.boolean(),
      fc.integer({ min: 1, max: 3_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (bytes, checksum, size, cut) => {
        const params = { [constants.ZSTD_c_checksumFlag]: Number(checksum) };
        const frame = zstdCompressSync(bytes, { params });
        expect(isWhole(frame, size)).toBe(true);
        expect(isWhole(Buffer.concat([frame, skippable, frame]), size)).toBe(true);
        const end = 1 + Math.floor(cut * (frame.length - 2));
        expect(isWhole(frame.subarray(0, end), size)).toBe(false);
        expect(isWhole(Buffer.concat([frame, frame.subarray(0, end)]), size)).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});
