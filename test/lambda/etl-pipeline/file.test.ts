import { dayOf, fileIdOf, fileOrder, partOf, resultKeys, workKeys } from '../../../lambda/etl-pipeline/file';
import { fileOf } from './products';

it('each version of a key is a file of its own, the same for each delivery', () => {
  const ids = [fileIdOf('b', 'k', '1'), fileIdOf('b', 'k', '2'), fileIdOf('b', 'k1', ''), fileIdOf('b', 'k', '1')];
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toBe(ids[3]);
  expect(ids[0]).toMatch(/^[0-9a-f]{24}$/);
});

it('files are ordered by their upload, and within a second by the sequencer, padded as AWS says', () => {
  const second = new Date('2026-11-26T10:00:00Z');
  const later = new Date('2026-11-26T10:00:01Z');
  expect(fileOrder(second, '0055aed6', 'f') < fileOrder(second, '0055AED6DC', 'a')).toBe(true);
  expect(fileOrder(second, 'FF', 'f') < fileOrder(later, '00', 'a')).toBe(true);
  // Two keys within a second may have the same sequencer, and are two files all the same.
  expect(fileOrder(second, '00', 'a')).not.toBe(fileOrder(second, '00', 'b'));
});

it('a replay has keys of its own for its work, and the same for its results', () => {
  const [first, second] = [fileOf(), fileOf({ generation: 2 })];
  expect(workKeys(first).chunk(3)).toBe('files/f1/1/chunks/00000003.jsonl');
  expect(workKeys(second).chunk(3)).toBe('files/f1/2/chunks/00000003.jsonl');
  expect(resultKeys(second).rejected(3)).toBe(resultKeys(first).rejected(3));
  expect(resultKeys(first).curated(3)).toBe('curated/products/day=2026-11-26/f1-part-00000003.parquet');
});

it('the number of a part is read from its key', () => {
  expect(partOf(workKeys(fileOf()).stagedRows(12_345))).toBe(12_345);
});

it('the day is that of the upload', () => {
  expect(dayOf({ uploadedAt: '2026-01-31T23:59:59.000Z' })).toBe('2026-01-31');
});
