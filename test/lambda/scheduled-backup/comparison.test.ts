import fc from 'fast-check';
import { hasChecksum, isSame, sharedChecksum, type Seen } from '../../../lambda/scheduled-backup/comparison';
import type { Checksum } from '../../../lambda/scheduled-backup/manifest';
import { MemoryObjects, type NewObject } from './memory-objects';

const crc = (value: string): Checksum => ({ algorithm: 'CRC64NVME', value });

/** An object in memory, with checksums and an ETag of its own. */
async function seen(objects: MemoryObjects, key: string, object: NewObject, head: Partial<Seen['head']> = {}) {
  objects.put('b', key, object);
  const place = { bucket: 'b', key };
  return { place, head: { ...(await objects.head(place))!, ...head } };
}

it("S3's own checksum of the same kind decides, and nothing is read", async () => {
  const objects = new MemoryObjects();
  const one = await seen(objects, 'one', {}, { size: 1, etag: 'e', checksums: [crc('x')] });
  const same = { ...one, head: { ...one.head, checksums: [{ algorithm: 'SHA1', value: 'y' } as const, crc('x')] } };
  const other = { ...one, head: { ...one.head, checksums: [crc('y')] } };
  expect(await sharedChecksum(objects, one, same)).toEqual(crc('x'));
  expect(await sharedChecksum(objects, one, other)).toBeUndefined();
  expect(objects.read).toEqual([]);
});

it('without a checksum of the same kind equal ETags settle it, and unequal ones have both read', async () => {
  const objects = new MemoryObjects();
  const none = { checksums: [] };
  const one = await seen(objects, 'one', { bytes: 'bytes' }, { ...none, etag: 'e' });
  const same = await seen(objects, 'same', { bytes: 'bytes' }, { ...none, etag: 'e' });
  expect(await sharedChecksum(objects, one, same)).toEqual({ algorithm: 'ETAG', value: 'e' });
  expect(objects.read).toEqual([]);
  const inParts = await seen(objects, 'parts', { bytes: 'bytes' }, { ...none, etag: 'e-3' });
  expect(await sharedChecksum(objects, one, inParts)).toMatchObject({ algorithm: 'READ-SHA256' });
  expect(objects.read).toEqual(['one', 'parts']);
  const other = await seen(objects, 'other', { bytes: 'bytez' }, { ...none, etag: 'f' });
  expect(await sharedChecksum(objects, one, other)).toBeUndefined();
});

it('objects of other sizes are different, whatever their checksums say', async () => {
  const objects = new MemoryObjects();
  const one = await seen(objects, 'one', {}, { size: 1, checksums: [crc('x')] });
  expect(await sharedChecksum(objects, one, { ...one, head: { ...one.head, size: 2 } })).toBeUndefined();
});

it('what two objects share, each of them has', async () => {
  const bytes = fc.constantFrom('a', 'b', '');
  const kind = fc.boolean();
  await fc.assert(
    fc.asyncProperty(bytes, bytes, kind, kind, async (first, second, unsummed, alsoUnsummed) => {
      const objects = new MemoryObjects();
      const one = await seen(objects, 'one', { bytes: first, unsummed });
      const other = await seen(objects, 'other', { bytes: second, unsummed: alsoUnsummed });
      const shared = await sharedChecksum(objects, one, other);
      expect(shared !== undefined).toBe(first === second);
      if (shared === undefined) return;
      expect(await hasChecksum(objects, one, shared)).toBe(true);
      expect(await hasChecksum(objects, other, shared)).toBe(true);
    }),
  );
});

it('a checksum that S3 keeps no more is not there', async () => {
  const objects = new MemoryObjects();
  const one = await seen(objects, 'one', {}, { checksums: [] });
  expect(await hasChecksum(objects, one, crc('x'))).toBe(false);
});

it('a copy has the same headers, metadata and tags, in whatever order they come', async () => {
  const objects = new MemoryObjects();
  const full = { bytes: 'x', tags: { a: '1', b: '2' }, metadata: { c: '3', d: '4' } };
  const one = await seen(objects, 'one', full);
  const turned = { bytes: 'x', tags: { b: '2', a: '1' }, metadata: { d: '4', c: '3' } };
  expect(await isSame(objects, one, await seen(objects, 'turned', turned))).toBe(true);
  for (const change of [{ tags: { a: '1' } }, { metadata: {} }, { headers: { contentType: 'x' } }, { bytes: 'y' }]) {
    expect(await isSame(objects, one, await seen(objects, 'other', { ...full, ...change }))).toBe(false);
  }
});
