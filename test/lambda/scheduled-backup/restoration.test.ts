import type { Entry } from '../../../lambda/scheduled-backup/manifest';
import { copyChecked } from '../../../lambda/scheduled-backup/object-copy';
import { restorePart } from '../../../lambda/scheduled-backup/restoration';
import type { RestoreRun } from '../../../lambda/scheduled-backup/restore-start';
import { verifyPart } from '../../../lambda/scheduled-backup/verification';
import { MemoryObjects } from './memory-objects';

const day = '2026-11-21';
const run: RestoreRun = {
  day,
  run: 'one',
  startedAt: '',
  prefix: '',
  targetBucket: 'source',
  dryRun: false,
  overwrite: false,
  partsPrefix: '',
  parts: 1,
  empty: false,
  backupStatus: 'complete',
};

const desk = (objects: MemoryObjects) => ({
  objects,
  backupBucket: 'backup',
  deadline: { hasTime: true, signal: new AbortController().signal },
  lanes: 3,
  multipartThresholdBytes: 1_000,
});

/** Objects that were backed up, with their entries, and are gone from the source. */
async function backedUp(objects: MemoryObjects, keys: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const key of keys) {
    const version = objects.put('source', key, { tags: { t: key }, metadata: { m: 'x' } });
    const from = { bucket: 'source', key };
    const head = (await objects.head(from))!;
    const copied = await copyChecked(objects, from, head, { bucket: 'backup', key: `${day}/${key}` }, 1_000);
    entries.push({ status: 'copied', key, version, size: head.size, etag: head.etag, ...copied });
    objects.remove(from);
  }
  objects.copies.length = 0;
  return entries;
}

it('what is gone comes back with its tags, and is alike the next time', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b c/ü']);
  expect(await restorePart(run, entries, desk(objects))).toMatchObject({ restored: 2, failed: 0, bytes: 24 });
  expect(objects.bytes({ bucket: 'source', key: 'b c/ü' })).toBe('bytes of b c/ü');
  expect(await objects.tags({ bucket: 'source', key: 'a' })).toEqual({ t: 'a' });
  expect(await restorePart(run, entries, desk(objects))).toMatchObject({ restored: 0, alike: 2 });
  expect(objects.copies).toHaveLength(2);
});

it('a dry run says what it would do, and writes nothing', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b']);
  expect(await restorePart({ ...run, dryRun: true }, entries, desk(objects))).toMatchObject({ restored: 2 });
  expect(objects.copies).toEqual([]);
});

it('a prefix restores itself and nothing else', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a/1', 'a/2', 'ab', 'b/1']);
  expect(await restorePart({ ...run, prefix: 'a/' }, entries, desk(objects))).toMatchObject({ restored: 2 });
  expect(objects.copies).toEqual(['a/1', 'a/2']);
});

it.each([
  ['bytes', { bytes: 'other' }],
  ['tags', { tags: { t: 'other' }, metadata: { m: 'x' } }],
  ['metadata', { tags: { t: 'a' } }],
])('an object with other %s is kept, and replaced only with overwrite', async (_what, now) => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a']);
  objects.put('source', 'a', now);
  expect(await restorePart(run, entries, desk(objects))).toMatchObject({ kept: 1, restored: 0 });
  expect(await restorePart({ ...run, overwrite: true }, entries, desk(objects))).toMatchObject({ restored: 1 });
  expect(objects.bytes({ bucket: 'source', key: 'a' })).toBe('bytes of a');
});

it.each([
  ['other-checksum', (objects: MemoryObjects) => void objects.put('backup', `${day}/a`, { bytes: 'bytes oF a' })],
  ['missing', (objects: MemoryObjects) => objects.remove({ bucket: 'backup', key: `${day}/a` })],
])('a damaged copy (%s) is named, by verification and restore, and never restored', async (reason, damage) => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b']);
  damage(objects);
  const findings = [{ key: 'a', reason }];
  expect(await verifyPart(day, entries, desk(objects))).toEqual({ checked: 2, mismatched: 1, findings, left: [] });
  expect(await restorePart(run, entries, desk(objects))).toMatchObject({ restored: 1, failed: 1, findings });
  expect(objects.bytes({ bucket: 'source', key: 'a' })).toBeUndefined();
});

it('the same bytes written again do not count as damage while the version that was made is there', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a']);
  objects.put('backup', `${day}/a`, { bytes: 'bytes of a', metadata: { m: 'changed' } });
  expect(await verifyPart(day, entries, desk(objects))).toMatchObject({ mismatched: 0 });
  await restorePart(run, entries, desk(objects));
  expect((await objects.head({ bucket: 'source', key: 'a' }))?.metadata).toEqual({ m: 'x' });
  const [first] = entries;
  const versionId = first?.status === 'copied' ? first.copyVersion : '';
  objects.remove({ bucket: 'backup', key: `${day}/a`, versionId });
  const findings = [{ key: 'a', reason: 'other-version' }];
  expect(await verifyPart(day, entries, desk(objects))).toMatchObject({ mismatched: 1, findings });
});

it('a copy that S3 keeps no checksum of is read', async () => {
  const objects = new MemoryObjects();
  objects.put('source', 'a', { unsummed: true });
  const head = (await objects.head({ bucket: 'source', key: 'a' }))!;
  const copied = await copyChecked(
    objects,
    { bucket: 'source', key: 'a' },
    head,
    { bucket: 'backup', key: `${day}/a` },
    1,
  );
  expect(copied.checksum.algorithm).toBe('READ-SHA256');
  const entry: Entry = { status: 'copied', key: 'a', version: 'v1', size: head.size, etag: head.etag, ...copied };
  expect(await verifyPart(day, [entry], desk(objects))).toMatchObject({ mismatched: 0 });
  objects.put('backup', `${day}/a`, { bytes: 'bytes oF a', unsummed: true });
  expect(await verifyPart(day, [entry], desk(objects))).toMatchObject({ mismatched: 1 });
});

it('an object that cannot be written is named with its error, and the rest is restored', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b']);
  objects.meanwhile = (_from, to) => {
    if (to.key === 'a') throw Object.assign(new Error('no'), { name: 'AccessDenied' });
  };
  expect(await restorePart(run, entries, desk(objects))).toMatchObject({
    restored: 1,
    failed: 1,
    findings: [{ key: 'a', reason: 'AccessDenied' }],
  });
});

/** A deadline whose time is up after so many looks at it. */
function timeFor(looks: number) {
  let left = looks;
  return {
    get hasTime() {
      return left-- > 0;
    },
    signal: new AbortController().signal,
  };
}

it('a part that time runs out on goes on where it was, and counts what was restored as restored', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b', 'c', 'd']);
  objects.put('source', 'd', { tags: { t: 'd' }, metadata: { m: 'x' } });
  const first = await restorePart(run, entries, { ...desk(objects), lanes: 1, deadline: timeFor(2) });
  expect(first).toMatchObject({ restored: 2, alike: 0, left: ['c', 'd'] });
  const second = await restorePart(run, entries, desk(objects), first);
  expect(second).toMatchObject({ restored: 3, alike: 1, bytes: 30, left: [] });
  expect(objects.copies).toEqual(['a', 'b', 'c']);
  expect(await restorePart(run, entries, desk(objects), second)).toEqual(second);
});

it('an object that is cut off by the end of time is left, and has not failed', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a']);
  const controller = new AbortController();
  objects.meanwhile = () => {
    controller.abort();
    throw new Error('aborted');
  };
  const deadline = { hasTime: true, signal: controller.signal };
  expect(await restorePart(run, entries, { ...desk(objects), deadline })).toMatchObject({ failed: 0, left: ['a'] });
});

it('a part that is verified in two attempts is looked at once', async () => {
  const objects = new MemoryObjects();
  const entries = await backedUp(objects, ['a', 'b', 'c']);
  for (const key of ['a', 'c']) objects.put('backup', `${day}/${key}`, { bytes: 'other' });
  const first = await verifyPart(day, entries, { ...desk(objects), lanes: 1, deadline: timeFor(1) });
  expect(first).toMatchObject({ checked: 1, mismatched: 1, left: ['b', 'c'] });
  const second = await verifyPart(day, entries, desk(objects), first);
  expect(second).toMatchObject({ checked: 3, mismatched: 2, left: [] });
  expect(second.findings.map(({ key }) => key)).toEqual(['a', 'c']);
});
