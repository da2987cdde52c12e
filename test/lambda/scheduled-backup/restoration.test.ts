import { headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import type { RestoredPart, VerifiedPart } from '../../../lambda/scheduled-backup/journal';
import type { Entry } from '../../../lambda/scheduled-backup/manifest';
import { copyAndVerify } from '../../../lambda/scheduled-backup/object-copy';
import { restorePart, type RestorationDependencies } from '../../../lambda/scheduled-backup/restoration';
import type { RestoreRun } from '../../../lambda/scheduled-backup/restore-start';
import { verifyPart } from '../../../lambda/scheduled-backup/verification';
import { FakeS3, s3Error, type FakeObject } from './fake-s3';
import { accessTo, day, unlimitedTime } from './test-buckets';

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

let s3: FakeS3;
beforeEach(() => {
  s3 = new FakeS3();
});

const dependencies = (more: Partial<RestorationDependencies> = {}): RestorationDependencies => ({
  s3: accessTo(s3),
  backupBucket: 'backup',
  timeLimit: unlimitedTime,
  concurrency: 3,
  multipartThresholdBytes: 1_000,
  ...more,
});

const restore = (
  entries: readonly Entry[],
  request: Partial<RestoreRun> = {},
  more: Partial<RestorationDependencies> = {},
  previous?: RestoredPart,
) => restorePart({ ...run, ...request }, entries, dependencies(more), previous);

const verify = (entries: readonly Entry[], more: Partial<RestorationDependencies> = {}, previous?: VerifiedPart) =>
  verifyPart(day, entries, dependencies(more), previous);

/** Copies an object into the backup and returns its entry. */
async function backUp(key: string, object: FakeObject): Promise<Entry> {
  const version = s3.put('source', key, object);
  const from = { bucket: 'source', key };
  const head = (await headObject(accessTo(s3), from))!;
  const copy = await copyAndVerify(accessTo(s3), from, head, { bucket: 'backup', key: `${day}/${key}` }, 1_000);
  return { status: 'copied', key, version, size: head.size, etag: head.etag, ...copy };
}

/** Entries of objects that were backed up and then removed from the source. */
async function backedUp(...keys: string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const key of keys) {
    entries.push(await backUp(key, { tags: { t: key }, metadata: { m: 'x' } }));
    s3.remove('source', key);
  }
  s3.requests.length = 0;
  return entries;
}

it('removed objects are restored with their tags, and are identical the next time', async () => {
  const entries = await backedUp('a', 'b c/ü');
  expect(await restore(entries)).toMatchObject({ restored: 2, failed: 0, bytes: 25 });
  expect(s3.body('source', 'b c/ü')).toBe('bytes of b c/ü');
  expect(s3.tags('source', 'a')).toEqual({ t: 'a' });
  expect(await restore(entries)).toMatchObject({ restored: 0, identical: 2 });
  expect(s3.requested('CopyObject')).toHaveLength(2);
});

it('a dry run counts what it would restore, and writes nothing', async () => {
  const entries = await backedUp('a', 'b');
  expect(await restore(entries, { dryRun: true })).toMatchObject({ restored: 2 });
  expect(s3.requested('CopyObject')).toEqual([]);
});

it('a prefix restores the keys that begin with it and no others', async () => {
  const entries = await backedUp('a/1', 'a/2', 'ab', 'b/1');
  expect(await restore(entries, { prefix: 'a/' })).toMatchObject({ restored: 2 });
  expect(s3.requested('CopyObject')).toEqual(['a/1', 'a/2']);
});

it.each([
  ['bytes', { body: 'other' }],
  ['tags', { tags: { t: 'other' }, metadata: { m: 'x' } }],
  ['metadata', { tags: { t: 'a' } }],
])('an object whose %s have changed is kept, and replaced only with overwrite', async (_attribute, changed) => {
  const entries = await backedUp('a');
  s3.put('source', 'a', changed);
  expect(await restore(entries)).toMatchObject({ kept: 1, restored: 0 });
  expect(await restore(entries, { overwrite: true })).toMatchObject({ restored: 1 });
  expect(s3.body('source', 'a')).toBe('bytes of a');
});

it.each([
  ['other-checksum', () => void s3.put('backup', `${day}/a`, { body: 'bytes oF a' })],
  ['missing', () => s3.remove('backup', `${day}/a`)],
])('a damaged copy (%s) is listed by verification and restore, and never restored', async (reason, damage) => {
  const entries = await backedUp('a', 'b');
  damage();
  const findings = [{ key: 'a', reason }];
  expect(await verify(entries)).toEqual({ checked: 2, mismatched: 1, findings, remaining: [] });
  expect(await restore(entries)).toMatchObject({ restored: 1, failed: 1, findings });
  expect(s3.body('source', 'a')).toBeUndefined();
});

it('a second copy with the same bytes is not a mismatch while the recorded version exists', async () => {
  const entries = await backedUp('a');
  s3.put('backup', `${day}/a`, { body: 'bytes of a', metadata: { m: 'changed' } });
  expect(await verify(entries)).toMatchObject({ mismatched: 0 });
  await restore(entries);
  expect(s3.metadata('source', 'a')).toEqual({ m: 'x' });
  const [first] = entries;
  s3.remove('backup', `${day}/a`, first?.status === 'copied' ? first.copyVersion : '');
  const findings = [{ key: 'a', reason: 'other-version' }];
  expect(await verify(entries)).toMatchObject({ mismatched: 1, findings });
});

it('a copy without a checksum is read', async () => {
  const entry = await backUp('a', { withoutChecksum: true });
  expect(entry).toMatchObject({ checksum: { algorithm: 'READ-SHA256' } });
  expect(await verify([entry])).toMatchObject({ mismatched: 0 });
  s3.put('backup', `${day}/a`, { body: 'bytes oF a', withoutChecksum: true });
  expect(await verify([entry])).toMatchObject({ mismatched: 1 });
});

it('an object that cannot be written is listed with its error, and the others are restored', async () => {
  const entries = await backedUp('a', 'b');
  s3.before = (name, { Key }) => {
    if (name === 'CopyObject' && Key === 'a') throw s3Error('AccessDenied', 403);
  };
  expect(await restore(entries)).toMatchObject({
    restored: 1,
    failed: 1,
    findings: [{ key: 'a', reason: 'AccessDenied' }],
  });
});

/** Time limit that ends after a number of checks. */
function timeFor(checks: number) {
  let left = checks;
  return { ...unlimitedTime, hasTimeLeft: () => left-- > 0 };
}

it('a part that runs out of time continues where it stopped, and each restored object counts as restored', async () => {
  const entries = await backedUp('a', 'b', 'c', 'd');
  s3.put('source', 'd', { tags: { t: 'd' }, metadata: { m: 'x' } });
  const first = await restore(entries, {}, { concurrency: 1, timeLimit: timeFor(2) });
  expect(first).toMatchObject({ restored: 2, identical: 0, remaining: ['c', 'd'] });
  const second = await restore(entries, {}, {}, first);
  expect(second).toMatchObject({ restored: 3, identical: 1, bytes: 30, remaining: [] });
  expect(s3.requested('CopyObject')).toEqual(['a', 'b', 'c']);
  expect(await restore(entries, {}, {}, second)).toEqual(second);
});

it('an object that is cut off by the end of time remains, and has not failed', async () => {
  const entries = await backedUp('a');
  const controller = new AbortController();
  s3.before = (name) => {
    if (name !== 'CopyObject') return;
    controller.abort();
    throw new Error('aborted');
  };
  const timeLimit = { hasTimeLeft: () => true, signal: controller.signal };
  expect(await restore(entries, {}, { timeLimit })).toMatchObject({ failed: 0, remaining: ['a'] });
});

it('a part that is verified in two attempts has each copy checked once', async () => {
  const entries = await backedUp('a', 'b', 'c');
  for (const key of ['a', 'c']) s3.put('backup', `${day}/${key}`, { body: 'other' });
  const first = await verify(entries, { concurrency: 1, timeLimit: timeFor(1) });
  expect(first).toMatchObject({ checked: 1, mismatched: 1, remaining: ['b', 'c'] });
  const second = await verify(entries, {}, first);
  expect(second).toMatchObject({ checked: 3, mismatched: 2, remaining: [] });
  expect(second.findings.map(({ key }) => key)).toEqual(['a', 'c']);
});
