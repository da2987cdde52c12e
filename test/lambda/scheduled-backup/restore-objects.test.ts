import { createHash } from 'node:crypto';
import { resultKey } from '../../../lambda/scheduled-backup/journal';
import { partKey, toLines } from '../../../lambda/scheduled-backup/manifest';
import { FakeS3 } from './fake-s3';
import { contextWith, loadHandler, useFakeS3, type Handler } from './load-handler';

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

let handler: Handler;
let s3: FakeS3;
beforeAll(() => {
  handler = loadHandler('restore-objects');
});
beforeEach(() => {
  s3 = new FakeS3();
  const entries = keys.map((key) => {
    const copyVersion = s3.put('backup', `${day}/${key}`, { body: `bytes of ${key}` });
    const value = createHash('sha256').update(`bytes of ${key}`).digest('base64');
    return {
      status: 'copied',
      key,
      version: 'null',
      copyVersion,
      size: 10,
      etag: value,
      checksum: { algorithm: 'SHA256', value },
    };
  });
  s3.put('backup', part, { body: toLines(entries) });
  useFakeS3(s3);
});
afterEach(() => jest.restoreAllMocks());

const invoke = () =>
  handler(
    { restore, part },
    contextWith(() => 60_000),
  );
const recorded = () => JSON.parse(s3.body('journal', result) ?? '') as object;

it('records what remains when time runs out; the next attempt counts what it restores as restored', async () => {
  let remaining = 60_000;
  s3.before = (name) => {
    if (name === 'GetObject') remaining = 10_000;
  };
  await expect(
    handler(
      { restore, part },
      contextWith(() => remaining),
    ),
  ).rejects.toMatchObject({
    name: 'OutOfTimeError',
    message: /^3 objects of the part remain/,
  });
  expect(recorded()).toMatchObject({ restored: 0, remaining: keys });
  expect(await invoke()).toEqual({});
  expect(recorded()).toMatchObject({ restored: 3, identical: 0, bytes: 30, remaining: [] });
  expect(s3.keys('source')).toEqual(keys);
});

it('a finished part is not processed again, as when the answer was lost', async () => {
  await invoke();
  s3.before = (name) => {
    if (name === 'CopyObject') throw new Error('copied again');
  };
  await invoke();
  expect(recorded()).toMatchObject({ restored: 3, identical: 0, failed: 0 });
});
