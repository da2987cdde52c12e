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

it('an object whose key is listed with LF is found under its key with CR', async () => {
  for (const odd of ['a\rb', 'a\r\nb']) {
    s3.put('source', odd);
    const listed = odd.replace(/\r\n?/, '\n');
    expect(await copyNewestVersion({ day, key: listed, size: 1 }, false, target())).toMatchObject({
      status: 'copied',
      key: odd,
    });
    s3.remove('source', odd);
  }
  expect(await copyNewestVersion({ day, key: 'a\nb', size: 1 }, false, target())).toMatchObject({ reason: 'deleted' });
});

it('an object that S3 refuses to copy from its archive is skipped, though HEAD did not tell', async () => {
  s3.put('source', 'cold');
  s3.refuse('CopyObject', 'cold', ['InvalidObjectState', 403]);
  expect(await copyNewestVersion({ day, key: 'cold', size: 1 }, false, target())).toMatchObject({ reason: 'archived' });
});

it('the storage class of an object is recorded, and one that cannot be read at once is not used for the copy', async () => {
  s3.put('source', 'thawed', { storageClass: 'DEEP_ARCHIVE', isRestored: true });
  const copied = await copyNewestVersion({ day, key: 'thawed', size: 1 }, false, target());
  expect(copied).toMatchObject({ status: 'copied', storageClass: 'DEEP_ARCHIVE' });
  expect(s3.object('backup', `${day}/thawed`)?.storageClass).toBe('STANDARD');
});

it('metadata that S3 does not return is kept by a copy in one request, up to 5 GB', async () => {
  s3.put('source', 'large', { body: 'x'.repeat(2_000) });
  s3.after = ({ operation, path }) => {
    if (operation !== 'HeadObject' || !path.startsWith('/source/')) return undefined;
    const { versionId = '', etag = '', body } = s3.object('source', 'large') ?? {};
    const headers = {
      'x-amz-missing-meta': '1',
      'x-amz-version-id': versionId,
      etag,
      'content-length': `${body?.length}`,
    };
    return { status: 200, headers };
  };
  await copyNewestVersion({ day, key: 'large', size: 1 }, false, target());
  expect(s3.requested('CopyObject')).toEqual([`${day}/large`]);
  expect(s3.operations).not.toContain('CreateMultipartUpload');
});

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
