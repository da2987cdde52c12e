import { failuresKey, recordKey } from '../../../lambda/scheduled-backup/journal';
import { fromLines, toLines, type Entry } from '../../../lambda/scheduled-backup/manifest';
import {
  assembleManifest,
  type Assembly,
  type AssemblyDependencies,
} from '../../../lambda/scheduled-backup/manifest-assembly';
import { s3Refusal } from '../../fakes/s3-responses';
import { BackupS3, day } from './backup-s3';

const run = {
  day,
  run: 'one',
  scheduledTime: '',
  startedAt: '',
  resumed: false,
  verifyOnly: false,
  partsPrefix: `_manifests/${day}/one/`,
};

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
  s3.giveLock('one');
});

const entry = (key: string): Entry => ({ status: 'skipped', key, size: 1, reason: 'archived' });
const keysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `key ${String(index).padStart(6, '0')}`);

function putRecords(keys: readonly string[], batchItems = 10, runName = 'one'): void {
  for (let start = 0; start < keys.length; start += batchItems) {
    const batch = keys.slice(start, start + batchItems);
    s3.put('journal', recordKey(runName, batch[0]!), { body: toLines(batch.map(entry)) });
  }
}

const assemble = (request: Parameters<typeof assembleManifest>[0], more: Partial<AssemblyDependencies> = {}) =>
  assembleManifest(request, {
    journal: s3.store('journal'),
    backup: s3.store('backup'),
    partEntries: 20,
    hasTimeLeft: () => true,
    ...more,
  });

const listed = (): string[] =>
  s3.keys('backup').flatMap((part) => fromLines(s3.text('backup', part)!).map(({ key }) => key));

it('the records of all batches become parts in the order of keys', async () => {
  const keys = keysOf(95);
  putRecords([...keys].reverse(), 1);
  expect(await assemble(run)).toEqual({
    counts: { copied: 0, skipped: 95, failed: 0, bytes: 0 },
    parts: 5,
    hasMore: false,
  });
  expect(listed()).toEqual(keys);
});

it('of all records, only one that is busy is read again', async () => {
  putRecords(keysOf(40));
  const read: string[] = [];
  s3.before = ({ operation, path }) => {
    if (operation !== 'GetObject' || !path.includes('records')) return undefined;
    read.push(path);
    return path === read[0] && read.filter((one) => one === path).length < 3 ? s3Refusal('SlowDown', 503) : undefined;
  };
  expect((await assemble(run)).counts.skipped).toBe(40);
  expect(read).toHaveLength(6);
});

it('a manifest that takes several invocations has every entry once', async () => {
  s3 = new BackupS3({ pageSize: 50 });
  s3.giveLock('one');
  const keys = keysOf(2_000);
  putRecords(keys, 7);
  let assembly: Assembly | undefined;
  let calls = 0;
  do {
    const request = assembly === undefined ? run : { ...run, assembly };
    assembly = await assemble(request, { partEntries: 100, hasTimeLeft: () => false });
    calls += 1;
  } while (assembly.hasMore);
  expect(calls).toBeGreaterThan(5);
  expect(listed()).toEqual(keys);
  expect(assembly.counts.skipped).toBe(2_000);
  expect(s3.keys('backup')).toHaveLength(assembly.parts);
});

it('an empty source has no parts', async () => {
  expect(await assemble(run)).toMatchObject({ parts: 0, hasMore: false });
  expect(s3.keys('backup')).toEqual([]);
});

it('the records of another run are left out', async () => {
  putRecords(['mine']);
  putRecords(['theirs'], 1, 'other');
  await assemble(run);
  expect(listed()).toEqual(['mine']);
});

it('the first failed objects are listed once, however often an invocation is repeated', async () => {
  const failed = (key: string): Entry => ({ status: 'failed', key, size: 1, reason: 'AccessDenied' });
  const keys = keysOf(150);
  for (const key of keys) s3.put('journal', recordKey('one', key), { body: toLines([failed(key)]) });
  for (const _attempt of [1, 2]) await assemble(run);
  const listed = JSON.parse(s3.text('journal', failuresKey('one')) ?? '') as { key: string; reason: string }[];
  expect(listed.map(({ key }) => key)).toEqual(keys.slice(0, 100));
  expect(listed[0]).toEqual({ key: keys[0], reason: 'AccessDenied' });
});

it('a superseded run writes no manifest', async () => {
  putRecords(['a']);
  await expect(assemble({ ...run, run: 'two' })).rejects.toMatchObject({ name: 'SupersededError' });
});
