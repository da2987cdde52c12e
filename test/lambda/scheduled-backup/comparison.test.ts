import fc from 'fast-check';
import { headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import {
  hasChecksum,
  sharedChecksum,
  sharedChecksumOfSameObject,
  type ObjectVersion,
} from '../../../lambda/scheduled-backup/comparison';
import type { Checksum } from '../../../lambda/scheduled-backup/manifest';
import type { NewObject } from '../../fakes/s3-bucket';
import { BackupS3, legacy } from './backup-s3';

const crc = (value: string): Checksum => ({ algorithm: 'CRC64NVME', value });

async function objectIn(s3: BackupS3, key: string, object: NewObject, head: Partial<ObjectVersion['head']> = {}) {
  s3.put('source', key, object);
  const ref = { bucket: 'source', key };
  return { ref, head: { ...(await headObject(s3.access, ref))!, ...head } };
}

it("decides by S3's checksums of the same algorithm, and reads nothing", async () => {
  const s3 = new BackupS3();
  const one = await objectIn(s3, 'one', {}, { size: 1, etag: 'e', checksums: [crc('x')] });
  const same = { ...one, head: { ...one.head, checksums: [{ algorithm: 'SHA1', value: 'y' } as const, crc('x')] } };
  const other = { ...one, head: { ...one.head, checksums: [crc('y')] } };
  expect(await sharedChecksum(s3.access, one, same)).toEqual(crc('x'));
  expect(await sharedChecksum(s3.access, one, other)).toBeUndefined();
  expect(s3.requested('GetObject')).toEqual([]);
});

it('without a common algorithm accepts equal ETags, and reads both objects if they are unequal', async () => {
  const s3 = new BackupS3();
  const none = { checksums: [] };
  const one = await objectIn(s3, 'one', { body: 'bytes' }, { ...none, etag: 'e' });
  const same = await objectIn(s3, 'same', { body: 'bytes' }, { ...none, etag: 'e' });
  expect(await sharedChecksum(s3.access, one, same)).toEqual({ algorithm: 'ETAG', value: 'e' });
  expect(s3.requested('GetObject')).toEqual([]);
  const inParts = await objectIn(s3, 'parts', { body: 'bytes' }, { ...none, etag: 'e-3' });
  expect(await sharedChecksum(s3.access, one, inParts)).toMatchObject({ algorithm: 'READ-SHA256' });
  expect(s3.requested('GetObject')).toEqual(['one', 'parts']);
  const other = await objectIn(s3, 'other', { body: 'bytez' }, { ...none, etag: 'f' });
  expect(await sharedChecksum(s3.access, one, other)).toBeUndefined();
});

it('objects of different sizes differ, whatever their checksums say', async () => {
  const s3 = new BackupS3();
  const one = await objectIn(s3, 'one', {}, { size: 1, checksums: [crc('x')] });
  expect(await sharedChecksum(s3.access, one, { ...one, head: { ...one.head, size: 2 } })).toBeUndefined();
});

it('a shared checksum is one that each of the two objects has', async () => {
  const bytes = fc.constantFrom('a', 'b', '');
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.boolean(), fc.boolean(), async (first, second, bare, otherBare) => {
      const s3 = new BackupS3();
      const one = await objectIn(s3, 'one', { body: first, ...(bare ? legacy('one') : {}) });
      const other = await objectIn(s3, 'other', { body: second, ...(otherBare ? legacy('other') : {}) });
      const shared = await sharedChecksum(s3.access, one, other);
      expect(shared !== undefined).toBe(first === second);
      if (shared === undefined) return;
      expect(await hasChecksum(s3.access, one, shared)).toBe(true);
      expect(await hasChecksum(s3.access, other, shared)).toBe(true);
    }),
  );
});

it('an object without the recorded checksum does not have it', async () => {
  const s3 = new BackupS3();
  const one = await objectIn(s3, 'one', {}, { checksums: [] });
  expect(await hasChecksum(s3.access, one, crc('x'))).toBe(false);
});

it('the same object has equal headers, metadata and tags, in any order', async () => {
  const s3 = new BackupS3();
  const full = { body: 'x', tags: { a: '1', b: '2' }, metadata: { c: '3', d: '4' } };
  const one = await objectIn(s3, 'one', full);
  const reordered = { body: 'x', tags: { b: '2', a: '1' }, metadata: { d: '4', c: '3' } };
  expect(await sharedChecksumOfSameObject(s3.access, one, await objectIn(s3, 'reordered', reordered))).toBeDefined();
  for (const change of [
    { tags: { a: '1' } },
    { metadata: {} },
    { headers: { 'content-type': 'x/y' } },
    { body: 'y' },
  ]) {
    expect(
      await sharedChecksumOfSameObject(s3.access, one, await objectIn(s3, 'other', { ...full, ...change })),
    ).toBeUndefined();
  }
});
