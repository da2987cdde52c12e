import fc from 'fast-check';
import { limits, partBytes, partRanges } from '../../../lambda/scheduled-backup/objects';

const terabyte = 1024 ** 4;
const size = fc.integer({ min: 5 * 1024 ** 2 + 1, max: 5 * terabyte });
const threshold = fc.integer({ min: 10 * 1024 ** 2, max: 5 * 1024 ** 3 });

it('parts of any object are within the limits of S3 in number and size', () => {
  fc.assert(
    fc.property(size, threshold, (bytes, limit) => {
      const part = partBytes(bytes, limit);
      expect(part).toBeGreaterThanOrEqual(limits.smallestPart);
      expect(part).toBeLessThanOrEqual(limits.largestPart);
      expect(Math.ceil(bytes / part)).toBeLessThanOrEqual(limits.parts);
    }),
  );
});

it('parts cover every byte of an object once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 500 }), (bytes, part) => {
      const ranges = partRanges(bytes, part);
      expect(ranges[0]?.first).toBe(0);
      expect(ranges.at(-1)?.last).toBe(bytes - 1);
      const gaps = ranges.filter(({ first }, index) => index > 0 && first !== ranges[index - 1]!.last + 1);
      expect(gaps).toEqual([]);
    }),
  );
});
