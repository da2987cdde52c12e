import { headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import type { RestoredPart, VerifiedPart } from '../../../lambda/scheduled-backup/journal';
import type { Entry } from '../../../lambda/scheduled-backup/manifest';
import { copyAndVerify } from '../../../lambda/scheduled-backup/object-copy';
import { restorePart, type RestorationDependencies } from '../../../lambda/scheduled-backup/restoration';
import type { RestoreRun } from '../../../lambda/scheduled-backup/restore-start';
import { verifyPart } from '../../../lambda/scheduled-backup/verification';
import type { NewObject } from '../../fakes/s3-bucket';
import { BackupS3, day, legacy, unlimitedTime } from './backup-s3';

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

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
});

const dependencies = (more: Partial<RestorationDependencies> = {}): RestorationDependencies => ({
  s3: s3.access,
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

const onBusy = jest.fn();
const verify = (entries: readonly Entry[], more: Partial<RestorationDependencies> = {}, previous?: VerifiedPart) =>
  verifyPart(day, entries, { ...dependencies(more), onBusy }, previous);

/** Copies an object into the backup and returns its entry. */
async function backUp(key: string, object: NewObject): Promise<Entry> {
  const version = s3.put('source', key, object);
  const from = { bucket: 'source', key };
  const head = (await headObject(s3.access, from))!;
  const target = { ref: { bucket: 'backup', key: `${day}/${key}` }, storageClass: 'STANDARD' };
  const copy = await copyAndVerify(s3.access, from, head, target, 1_000);
  const { size, etag, storageClass } = head;
  return { status: 'copied', key, version, size, etag, storageClass, ...copy };
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
  expect(s3.text('source', 'b c/ü')).toBe('bytes of b c/ü');
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
  expect(s3.text('source', 'a')).toBe('bytes of a');
});

/** Overwrites or deletes a copy; with `forGood`, its recorded version is removed too. */
const damages = {
  'other-checksum': () => void s3.put('backup', `${day}/a`, { body: 'bytes oF a' }),
  missing: () => s3.deleteCurrent('backup', `${day}/a`),
};

it.each(Object.entries(damages))(
  'a copy that is %s is found by verification, and restored from its recorded version',
  async (reason, damage) => {
    const entries = await backedUp('a', 'b');
    damage();
    const findings = [{ key: 'a', reason }];
    expect(await verify(entries)).toMatchObject({ checked: 2, mismatched: 1, findings, remaining: [] });
    expect(await restore(entries)).toMatchObject({ restored: 2, failed: 0, findings: [] });
    expect(s3.text('source', 'a')).toBe('bytes of a');
    expect(s3.tags('source', 'a')).toEqual({ t: 'a' });
  },
);

it.each(Object.entries(damages))(
  'a copy that is %s and whose recorded version is gone is listed by a restore, and never restored',
  async (reason, damage) => {
    const entries = await backedUp('a', 'b');
    const [entry] = entries;
    s3.remove('backup', `${day}/a`, entry?.status === 'copied' ? entry.copyVersion : '');
    damage();
    const findings = [{ key: 'a', reason }];
    expect(await restore(entries)).toMatchObject({ restored: 1, failed: 1, findings });
    expect(s3.text('source', 'a')).toBeUndefined();
  },
);

it('objects that the backup skipped or failed to copy are counted and listed, and deleted ones are not', async () => {
  const entries: Entry[] = [
    ...(await backedUp('a')),
    { status: 'skipped', key: 'b', size: 1, reason: 'archived' },
    { status: 'skipped', key: 'c', size: 1, reason: 'deleted' },
    { status: 'failed', key: 'd', size: 1, reason: 'AccessDenied' },
    { status: 'failed', key: 'e/other', size: 1, reason: 'AccessDenied' },
  ];
  const findings = [
    { key: 'b', reason: 'not backed up (archived)' },
    { key: 'd', reason: 'not backed up (AccessDenied)' },
  ];
  expect(await restore(entries)).toMatchObject({
    restored: 1,
    notBackedUp: 3,
    findings: [...findings, { key: 'e/other' }],
  });
  expect(await restore(entries, { prefix: 'e/' })).toMatchObject({ restored: 0, notBackedUp: 1 });
  expect(await restore(entries, { prefix: 'a' })).toMatchObject({ identical: 1, notBackedUp: 0, findings: [] });
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
  s3.remove('source', 'a');
  expect(await restore(entries)).toMatchObject({ restored: 1, findings: [] });
});

it('a copy without a checksum is read', async () => {
  const entry = await backUp('a', legacy('a'));
  expect(entry).toMatchObject({ checksum: { algorithm: 'READ-SHA256' } });
  expect(await verify([entry])).toMatchObject({ mismatched: 0 });
  s3.put('backup', `${day}/a`, { ...legacy('b'), body: 'bytes oF a' });
  expect(await verify([entry])).toMatchObject({ mismatched: 1 });
});

it('an object that cannot be written is listed with its error, and the others are restored', async () => {
  const entries = await backedUp('a', 'b');
  s3.refuse('CopyObject', 'a');
  expect(await restore(entries)).toMatchObject({
    restored: 1,
    failed: 1,
    findings: [{ key: 'a', reason: 'AccessDenied' }],
  });
});

it.each([
  ['INTELLIGENT_TIERING', 'INTELLIGENT_TIERING'],
  // A temporarily restored object: in its archive it could be neither read nor compared.
  ['DEEP_ARCHIVE', 'STANDARD'],
])('an object of %s is restored as %s, whatever class its copy has moved to', async (storageClass, restored) => {
  const entries = [await backUp('a', { storageClass, isRestored: true })];
  s3.remove('source', 'a');
  const { copyVersion = '' } = entries[0] as { copyVersion?: string };
  // The lifecycle moves the version itself.
  s3.remove('backup', `${day}/a`, copyVersion);
  const moved = s3.put('backup', `${day}/a`, { body: 'bytes of a', storageClass: 'GLACIER_IR' });
  expect(await restore([{ ...entries[0]!, copyVersion: moved } as Entry])).toMatchObject({ restored: 1 });
  expect(s3.object('source', 'a')?.storageClass).toBe(restored);
});

it('an entry of an older manifest is restored in the class of its copy', async () => {
  const [entry] = await backedUp('a');
  const { storageClass: _, ...older } = entry as Entry & { storageClass?: string };
  await restore([older]);
  expect(s3.object('source', 'a')?.storageClass).toBe('STANDARD');
});

/** Writes an object under a restored key just before it is copied. */
function writeBeforeCopy(body: string): void {
  let written = false;
  s3.intercept((operation, key) => {
    if (operation !== 'CopyObject' || key !== 'a' || written) return;
    written = true;
    s3.put('source', 'a', { body });
  });
}

it('an object that is written while it is restored is kept', async () => {
  const entries = await backedUp('a');
  writeBeforeCopy('new');
  expect(await restore(entries)).toMatchObject({ restored: 0, kept: 1, failed: 0 });
  expect(s3.text('source', 'a')).toBe('new');
});

it('an object that is written while it is restored with overwrite is compared again before it is replaced', async () => {
  const entries = await backedUp('a');
  s3.put('source', 'a', { body: 'old' });
  writeBeforeCopy('new');
  expect(await restore(entries, { overwrite: true })).toMatchObject({ restored: 1, failed: 0 });
  expect(s3.text('source', 'a')).toBe('bytes of a');
  expect(s3.requested('CopyObject')).toEqual(['a', 'a']);
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
  s3.intercept((operation) => {
    if (operation === 'CopyObject') controller.abort();
  });
  const timeLimit = { hasTimeLeft: () => true, signal: controller.signal };
  expect(await restore(entries, {}, { timeLimit, s3: { ...s3.access, signal: controller.signal } })).toMatchObject({
    failed: 0,
    remaining: ['a'],
  });
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

it('a copy that S3 is too busy to show remains alone, and the others keep their results', async () => {
  const entries = await backedUp('a', 'b', 'c', 'd');
  s3.refuse('HeadObject', '/b', ['SlowDown', 503]);
  const first = await verify(entries);
  expect(first).toMatchObject({ checked: 3, mismatched: 0, remaining: ['b'] });
  expect(onBusy).toHaveBeenCalledTimes(1);
  s3.before = () => undefined;
  s3.requests.length = 0;
  expect(await verify(entries, {}, first)).toMatchObject({ checked: 4, mismatched: 0, remaining: [] });
  expect(s3.requested('HeadObject')).toEqual([`${day}/b`]);
});
