import { headObject } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import type { CopiedEntry } from '../../../lambda/scheduled-backup/manifest';
import { copyNewestVersion, repairCopy } from '../../../lambda/scheduled-backup/object-backup';
import { BackupS3, day } from './backup-s3';

const key = 'a';
const copyOfKey = `${day}/${key}`;

let s3: BackupS3;
let entry: CopiedEntry;
beforeEach(async () => {
  s3 = new BackupS3();
  s3.put('source', key, { body: 'night', tags: { t: '1' } });
  entry = (await copyNewestVersion({ day, key, size: 1 }, false, target())) as CopiedEntry;
  s3.requests.length = 0;
});

const target = () => ({
  s3: s3.access,
  sourceBucket: 'source',
  backupBucket: 'backup',
  multipartThresholdBytes: 1_000,
});

const repair = () => repairCopy(day, entry, target());
const copied = () =>
  s3.requests.filter(({ operation }) => operation === 'CopyObject').map(({ headers }) => headers['x-amz-copy-source']);

it('a copy that matches is left alone, whatever the source has become', async () => {
  s3.put('source', key, { body: 'morning' });
  expect(await repair()).toEqual(entry);
  expect(copied()).toEqual([]);
});

it.each([
  ['overwritten', () => void s3.put('backup', copyOfKey, { body: 'damaged' })],
  ['deleted', () => s3.deleteCurrent('backup', copyOfKey)],
])('a copy that was %s is repaired from its recorded version', async (_damage, damage) => {
  damage();
  s3.put('source', key, { body: 'morning' });
  const repaired = await repair();
  expect(copied()).toEqual([`backup/${copyOfKey}?versionId=${entry.copyVersion}`]);
  expect(s3.text('backup', copyOfKey)).toBe('night');
  expect(s3.tags('backup', copyOfKey)).toEqual({ t: '1' });
  const current = await headObject(s3.access, { bucket: 'backup', key: copyOfKey });
  expect(repaired).toEqual({ ...entry, copyVersion: current?.versionId });
});

it('a copy of which only the recorded version is gone is recorded with its current version', async () => {
  const copyVersion = s3.put('backup', copyOfKey, { body: 'night' });
  s3.remove('backup', copyOfKey, entry.copyVersion);
  expect(await repair()).toEqual({ ...entry, copyVersion });
  expect(copied()).toEqual([]);
});

it('a copy without any intact version is repaired from the version of the source that was copied', async () => {
  s3.remove('backup', copyOfKey);
  s3.put('source', key, { body: 'morning' });
  expect(await repair()).toMatchObject({ version: entry.version });
  expect(s3.text('backup', copyOfKey)).toBe('night');
});

it('a copy without any intact version is repaired from the newest version of the source as a last resort', async () => {
  s3.remove('backup', copyOfKey);
  s3.remove('source', key);
  const version = s3.put('source', key, { body: 'morning' });
  expect(await repair()).toMatchObject({ version, size: 7 });
  expect(s3.text('backup', copyOfKey)).toBe('morning');
});

it('a copy that nothing can repair keeps its entry, so that the verification reports it', async () => {
  s3.remove('backup', copyOfKey);
  s3.remove('source', key);
  expect(await repair()).toEqual(entry);
});
