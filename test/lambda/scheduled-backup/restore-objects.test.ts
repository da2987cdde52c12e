import { resultKey } from '../../../lambda/scheduled-backup/journal';
import { partKey, toLines } from '../../../lambda/scheduled-backup/manifest';
import { loadHandler, lambdaContext, type LoadedHandler } from '../../fakes/load-handler';
import { checksumOf } from '../../fakes/s3-checksums';
import { BackupS3, environment } from './backup-s3';

const day = '2026-11-20';
const part = partKey(day, 'backup-1', 1);
const result = resultKey('restore-1', 'restored', part);
const keys = ['a', 'b', 'c'];
const restore = {
  day,
  run: 'restore-1',
  startedAt: `${day}T10:00:00Z`,
  prefix: '',
  targetBucket: 'source',
  dryRun: false,
  overwrite: false,
  partsPrefix: '',
  parts: 1,
  empty: false,
  backupStatus: 'complete',
};

let handler: LoadedHandler<object>;
let s3: BackupS3;
beforeEach(async () => {
  s3 = new BackupS3();
  const entries = keys.map((key) => {
    const copyVersion = s3.put('backup', `${day}/${key}`, { body: `bytes of ${key}`, checksums: 'SHA256' });
    const value = checksumOf('SHA256', Buffer.from(`bytes of ${key}`));
    const checksum = { algorithm: 'SHA256', value };
    return { status: 'copied', key, version: 'null', copyVersion, size: 10, etag: value, checksum };
  });
  s3.put('backup', part, { body: toLines(entries) });
  handler = loadHandler('scheduled-backup/restore-objects', { ...environment, ...(await s3.listen()) });
});
afterEach(() => s3.close());

const invoke = () => handler({ restore, part }, lambdaContext(60_000));
const recorded = () => JSON.parse(s3.text('journal', result) ?? '') as object;

it('records what remains when time runs out; the next attempt counts what it restores as restored', async () => {
  let remaining = 60_000;
  s3.intercept((operation) => {
    if (operation === 'GetObject') remaining = 10_000;
  });
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => remaining };
  expect(await handler({ restore, part }, context)).toEqual({ finished: false });
  expect(recorded()).toMatchObject({ restored: 0, remaining: keys });
  expect(await invoke()).toEqual({ finished: true });
  expect(recorded()).toMatchObject({ restored: 3, identical: 0, bytes: 30, remaining: [] });
  expect(s3.keys('source')).toEqual(keys);
});

it('a finished part is not processed again, as when the answer was lost', async () => {
  await invoke();
  s3.requests.length = 0;
  await invoke();
  expect(s3.requested('CopyObject')).toEqual([]);
  expect(recorded()).toMatchObject({ restored: 3, identical: 0, failed: 0 });
});
