import fc from 'fast-check';
import {
  copyBatch,
  parseBatch,
  type CopyBatch,
  type CopyDependencies,
} from '../../../lambda/scheduled-backup/copy-batch';
import { InvalidRequestError } from '../../../lambda/scheduled-backup/errors';
import { recordKey } from '../../../lambda/scheduled-backup/journal';
import { fromLines } from '../../../lambda/scheduled-backup/manifest';
import { FakeS3, s3Error } from './fake-s3';
import { accessTo, day, giveLock, storeIn, unlimitedTime } from './test-buckets';

let s3: FakeS3;
beforeEach(() => {
  s3 = new FakeS3();
  giveLock(s3, 'one');
});

function batchOf(keys: readonly string[], more: Partial<CopyBatch> = {}): CopyBatch {
  const items = keys.map((key) => ({ day, run: 'one', resumed: false, key, size: 1 }));
  return { items: items as unknown as CopyBatch['items'], retried: false, ...more };
}

const copy = (batch: CopyBatch, more: Partial<CopyDependencies> = {}) =>
  copyBatch(batch, {
    s3: accessTo(s3),
    journal: storeIn(s3, 'journal'),
    sourceBucket: 'source',
    backupBucket: 'backup',
    timeLimit: unlimitedTime,
    concurrency: 4,
    multipartThresholdBytes: 1_000,
    onFailed: () => undefined,
    ...more,
  });

const copied = () => s3.requested('CopyObject');

/** Runs a step once before each copy of a key. */
function beforeCopyOf(key: string, step: () => void): void {
  s3.before = (name, input) => {
    if (name === 'CopyObject' && input.Key === `${day}/${key}`) step();
  };
}

const oddKeys = [
  'with space',
  'plus+plus',
  '100%25',
  'ünïcode/日本',
  'a/../b',
  '?versionId=x',
  'quote"&<>',
  './dot',
  ' ',
];

it.each(oddKeys)('copies the key %j unchanged', async (key) => {
  const version = s3.put('source', key);
  const [entry] = await copy(batchOf([key]));
  expect(entry).toMatchObject({ status: 'copied', key, version });
  expect(s3.body('backup', `${day}/${key}`)).toBe(`bytes of ${key}`);
});

it('records the result of each object under the first key', async () => {
  for (const key of ['a', 'b']) s3.put('source', key);
  const entries = await copy(batchOf(['a', 'b']));
  expect(fromLines(s3.body('journal', recordKey('one', 'a')) ?? '')).toEqual(entries);
});

it('skips archived, deleted and overlong objects with the reason, and copies the others', async () => {
  const long = 'x'.repeat(1_014);
  s3.put('source', 'cold', { storageClass: 'GLACIER' });
  s3.put('source', long);
  s3.put('source', 'warm');
  const entries = await copy(batchOf(['cold', 'gone', long, 'warm']));
  expect(entries.map((entry) => ('reason' in entry ? entry.reason : entry.status))).toEqual([
    'archived',
    'deleted',
    'key-too-long',
    'copied',
  ]);
});

it('records an object that fails with its error, and copies the others', async () => {
  for (const key of ['a', 'b', 'c']) s3.put('source', key);
  beforeCopyOf('b', () => {
    throw s3Error('AccessDenied', 403);
  });
  const entries = await copy(batchOf(['a', 'b', 'c']));
  expect(entries.map(({ status }) => status)).toEqual(['copied', 'failed', 'copied']);
  expect(entries[1]).toMatchObject({ key: 'b', reason: 'AccessDenied' });
});

it('copies exactly the version that the entry names while the object changes', async () => {
  let version = s3.put('source', 'a', { body: 'old' });
  let changes = 0;
  beforeCopyOf('a', () => {
    // The version that HEAD answered for is removed for good, and a newer one exists.
    if (changes++ < 2) {
      s3.remove('source', 'a', version);
      version = s3.put('source', 'a', { body: `new ${changes}` });
    }
  });
  const [entry] = await copy(batchOf(['a']));
  expect(entry).toMatchObject({ status: 'copied', version });
  expect(s3.body('backup', `${day}/a`)).toBe('new 2');
});

it('copies a large object in parts with its tags, and reads both sides if no checksum is common', async () => {
  s3.put('source', 'large', { body: 'x'.repeat(11), tags: { a: 'b' }, metadata: { m: '1' } });
  const [entry] = await copy(batchOf(['large']), { multipartThresholdBytes: 10 });
  expect(s3.requested('CompleteMultipartUpload')).toEqual([`${day}/large`]);
  expect(entry).toMatchObject({ status: 'copied', checksum: { algorithm: 'READ-SHA256' } });
  expect([s3.tags('backup', `${day}/large`), s3.metadata('backup', `${day}/large`)]).toEqual([{ a: 'b' }, { m: '1' }]);
});

it('a resumed run copies no existing copy again, and records the same entries', async () => {
  for (const key of ['a', 'b']) s3.put('source', key, { tags: { t: key } });
  const first = await copy(batchOf(['a', 'b']));
  const again = batchOf(['a', 'b']);
  const resumed = { ...again, items: again.items.map((item) => ({ ...item, resumed: true })) } as unknown as CopyBatch;
  expect(await copy(resumed)).toEqual(first);
  expect(copied()).toHaveLength(2);
});

it.each([
  ['bytes', { body: 'other!' }],
  ['tags', { body: 'before', tags: { t: '2' } }],
  ['metadata', { body: 'before', tags: { t: '1' }, metadata: { m: '2' } }],
  ['headers', { body: 'before', tags: { t: '1' }, contentType: 'image/png' }],
])('a resumed run copies an object again whose %s have changed', async (_attribute, changed) => {
  s3.put('source', 'a', { body: 'before', tags: { t: '1' } });
  await copy(batchOf(['a']));
  s3.put('source', 'a', changed);
  await copy(batchOf(['a'], { retried: true }));
  expect(copied()).toHaveLength(2);
});

it('a superseded run copies nothing more', async () => {
  giveLock(s3, 'two');
  s3.put('source', 'a');
  await expect(copy(batchOf(['a']))).rejects.toMatchObject({ name: 'SupersededError' });
  expect(copied()).toEqual([]);
});

it('a batch that runs out of time asks for another attempt and fails no object', async () => {
  const timeLimit = { ...unlimitedTime, hasTimeLeft: () => false };
  await expect(copy(batchOf(['a']), { timeLimit })).rejects.toMatchObject({ name: 'OutOfTimeError' });
  expect(s3.keys('journal')).toEqual(['lock.json']);
});

it('records all objects of a batch as failed after its last attempt', async () => {
  const entries = await copy(batchOf(['a', 'b'], { failure: 'Lambda.Unknown' }));
  expect(entries).toEqual([
    { status: 'failed', key: 'a', size: 1, reason: 'Lambda.Unknown' },
    { status: 'failed', key: 'b', size: 1, reason: 'Lambda.Unknown' },
  ]);
});

it('parses a batch of the map and a single item alike', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (key, size) => {
      const item = { day, run: 'one', resumed: false, key, size };
      expect(parseBatch({ input: { Items: [item] }, retries: 0 })).toEqual(parseBatch({ input: item }));
    }),
  );
  const failed = { ...batchOf(['a']).items[0], failure: { Error: 'Lambda.Unknown', Cause: '…' } };
  expect(parseBatch({ input: failed })).toMatchObject({ failure: 'Lambda.Unknown' });
  expect(parseBatch({ input: { Items: [batchOf(['a']).items[0]] }, retries: 2 })).toMatchObject({ retried: true });
});

it.each([{}, { input: {} }, { input: { Items: [] } }, { input: { Items: [{ key: 'a' }] } }])(
  'refuses the event %j',
  (event) => {
    expect(() => parseBatch(event)).toThrow(InvalidRequestError);
  },
);
