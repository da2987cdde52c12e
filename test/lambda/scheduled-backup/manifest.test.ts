import fc from 'fast-check';
import { codePoint } from '../../code-points';
import {
  addToCounts,
  copyKey,
  fitsUnderDay,
  fromLines,
  noCounts,
  recordName,
  summaryKey,
  toLines,
  type Entry,
} from '../../../lambda/scheduled-backup/manifest';

const key = fc.string({ unit: codePoint, minLength: 1, maxLength: 300 });

const copied = (name: string, size = 3): Entry => ({
  status: 'copied',
  key: name,
  version: 'v1',
  copyVersion: 'v2',
  size,
  etag: 'e',
  checksum: { algorithm: 'CRC32', value: 'c' },
});

it('names of records sort as S3 sorts keys: by bytes of UTF-8', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      const bytes = Buffer.compare(Buffer.from(one).subarray(0, 200), Buffer.from(other).subarray(0, 200));
      const names = Buffer.compare(Buffer.from(recordName(one)), Buffer.from(recordName(other)));
      if (bytes !== 0) expect(Math.sign(names)).toBe(Math.sign(bytes));
      else expect(names === 0).toBe(one === other);
    }),
  );
});

it('the longest key has a record name within the limit of S3', () => {
  expect(recordName('\u{1F600}'.repeat(256)).length).toBeLessThan(500);
});

it('entries survive being written as lines, whatever their keys', () => {
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      const entries = keys.map((name) => copied(name));
      expect(fromLines(toLines(entries))).toEqual(entries);
    }),
  );
});

it('a key of 1,013 bytes fits under its day, and one of 1,014 does not', () => {
  expect(fitsUnderDay('2026-11-21', 'é'.repeat(506) + 'x')).toBe(true);
  expect(fitsUnderDay('2026-11-21', 'é'.repeat(507))).toBe(false);
});

it('no copy has a key in the folder of manifests, whatever the key of its source', () => {
  fc.assert(
    fc.property(key, (name) => {
      expect(copyKey('2026-11-21', name).startsWith('_manifests/')).toBe(false);
    }),
  );
  expect(summaryKey('2026-11-21')).toBe('_manifests/2026-11-21/summary.json');
});

it('counts add up by status, and only bytes of copied objects', () => {
  const entries: Entry[] = [
    copied('a', 5),
    copied('b', 7),
    { status: 'skipped', key: 'c', size: 100, reason: 'archived' },
    { status: 'failed', key: 'd', size: 100, reason: 'AccessDenied' },
  ];
  expect(addToCounts(addToCounts(noCounts, entries), [copied('e', 1)])).toEqual({
    copied: 3,
    skipped: 1,
    failed: 1,
    bytes: 13,
  });
});
