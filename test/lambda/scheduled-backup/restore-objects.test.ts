import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { findingsKey } from '../../../lambda/scheduled-backup/journal';
import { partKey, toLines } from '../../../lambda/scheduled-backup/manifest';
import { MemoryS3 } from './memory-s3';

type Handler = (event: unknown, context: Context) => Promise<object>;

const day = '2026-11-20';
const part = partKey(day, 'backup-1', 1);
const record = findingsKey('restore-1', 'restored', part);
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

let handler: Handler;
let s3: MemoryS3;
beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    BACKUP_BUCKET_NAME: 'backup',
    JOURNAL_BUCKET_NAME: 'journal',
    OBJECTS_AT_ONCE: '1',
    MULTIPART_THRESHOLD_BYTES: '1000000',
  });
  // After the environment, which it reads when it is loaded.
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../../lambda/scheduled-backup/restore-objects'));
});
beforeEach(() => {
  s3 = new MemoryS3();
  const entries = keys.map((key) => {
    s3.put('backup', `${day}/${key}`, { body: `bytes of ${key}` });
    const value = createHash('sha256').update(`bytes of ${key}`).digest('base64');
    const checksum = { algorithm: 'SHA256', value };
    return { status: 'copied', key, version: 'null', copyVersion: 'null', size: 10, etag: value, checksum };
  });
  s3.put('backup', part, { body: toLines(entries) });
  jest.spyOn(S3Client.prototype, 'send').mockImplementation(s3.send as never);
});
afterEach(() => jest.restoreAllMocks());

const invoke = (milliseconds: number) =>
  handler({ restore, part }, { getRemainingTimeInMillis: () => milliseconds } as unknown as Context);
const recorded = () => JSON.parse(s3.text('journal', record)) as object;

it('without time left it says what is left, and the next attempt counts what it restores as restored', async () => {
  await expect(invoke(0)).rejects.toMatchObject({ name: 'OutOfTime', message: /^3 objects of the part are left/ });
  expect(recorded()).toMatchObject({ restored: 0, left: keys });
  expect(await invoke(60_000)).toEqual({});
  expect(recorded()).toMatchObject({ restored: 3, alike: 0, bytes: 30, left: [] });
  expect(s3.keys('source')).toEqual(keys);
});

it('a part that was done is not done again, as when the answer was lost', async () => {
  await invoke(60_000);
  s3.before = (command) => {
    if (command === 'CopyObjectCommand') throw new Error('copied again');
  };
  await invoke(60_000);
  expect(recorded()).toMatchObject({ restored: 3, alike: 0, failed: 0 });
});
