import {
  copyBatch,
  readBatch,
  type CopyBatch,
  type CopyDependencies,
} from '../../../lambda/scheduled-backup/copy-batch';
import { InvalidRequestError, SupersededError } from '../../../lambda/scheduled-backup/errors';
import { recordKey } from '../../../lambda/scheduled-backup/journal';
import { fromLines, toLines, type Entry } from '../../../lambda/scheduled-backup/manifest';
import type { TimeLimit } from '../../../lambda/scheduled-backup/time-limit';
import { BackupS3, day, legacy, unlimitedTime } from './backup-s3';

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
  s3.giveLock('one');
});

function batchOf(keys: readonly string[], mayExist = false): CopyBatch {
  const items = keys.map((key) => ({ day, run: 'one', key, size: 1, mayExist }));
  return { items: items as unknown as CopyBatch['items'] };
}

const run = (batch: CopyBatch, more: Partial<CopyDependencies> = {}) =>
  copyBatch(batch, {
    s3: s3.access,
    journal: s3.store('journal'),
    sourceBucket: 'source',
    backupBucket: 'backup',
    timeLimit: unlimitedTime,
    now: () => 0,
    concurrency: 4,
    multipartThresholdBytes: 1_000,
    onFailed: () => undefined,
    ...more,
  });

/** Copies a batch and returns its record. */
async function copy(batch: CopyBatch, more: Partial<CopyDependencies> = {}): Promise<Entry[]> {
  expect(await run(batch, more)).toEqual({ finished: true });
  return fromLines(s3.text('journal', recordKey('one', batch.items[0].key)) ?? '');
}

const copied = () => s3.requested('CopyObject');

/** Runs a step once before each copy of a key. */
function beforeCopyOf(key: string, step: () => void): void {
  s3.intercept((operation, requested) => {
    if (operation === 'CopyObject' && requested === `${day}/${key}`) step();
  });
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
  expect(s3.text('backup', `${day}/${key}`)).toBe(`bytes of ${key}`);
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
  s3.refuse('CopyObject', '/b');
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
  expect(s3.text('backup', `${day}/a`)).toBe('new 2');
});

it('copies a large object in parts with its tags, and reads both sides if no checksum is common', async () => {
  s3.put('source', 'large', { ...legacy('large'), body: 'x'.repeat(11), tags: { a: 'b' }, metadata: { m: '1' } });
  const [entry] = await copy(batchOf(['large']), { multipartThresholdBytes: 10 });
  expect(s3.requested('CompleteMultipartUpload')).toEqual([`${day}/large`]);
  expect(entry).toMatchObject({ status: 'copied', checksum: { algorithm: 'READ-SHA256' } });
  expect([s3.tags('backup', `${day}/large`), s3.metadata('backup', `${day}/large`)]).toEqual([{ a: 'b' }, { m: '1' }]);
});

it('a resumed run copies no existing copy again, and records the same entries', async () => {
  for (const key of ['a', 'b']) s3.put('source', key, { tags: { t: key } });
  const first = await copy(batchOf(['a', 'b']));
  expect(await copy(batchOf(['a', 'b'], true))).toEqual(first);
  expect(copied()).toHaveLength(2);
});

it('an existing copy of an object without a checksum is compared once: one read of each side', async () => {
  s3.put('source', 'legacy', legacy('legacy'));
  await copy(batchOf(['legacy']));
  s3.requests.length = 0;
  await copy(batchOf(['legacy'], true));
  expect(
    s3
      .requested('GetObject')
      .filter((key) => key.endsWith('legacy'))
      .sort(),
  ).toEqual([`${day}/legacy`, 'legacy']);
});

it.each([
  ['bytes', { body: 'other!' }],
  ['tags', { body: 'before', tags: { t: '2' } }],
  ['metadata', { body: 'before', tags: { t: '1' }, metadata: { m: '2' } }],
  ['headers', { body: 'before', tags: { t: '1' }, headers: { 'content-type': 'image/png' } }],
])('a resumed run copies an object again whose %s have changed', async (_attribute, changed) => {
  s3.put('source', 'a', { body: 'before', tags: { t: '1' } });
  await copy(batchOf(['a']));
  s3.put('source', 'a', changed);
  await copy(batchOf(['a'], true));
  expect(copied()).toHaveLength(2);
});

it('a superseded run copies nothing more', async () => {
  s3.giveLock('two');
  s3.put('source', 'a');
  await expect(run(batchOf(['a']))).rejects.toMatchObject({ name: 'SupersededError' });
  expect(copied()).toEqual([]);
});

/** Time that ends when a number of objects have been begun; whatever is in progress then is cut off. */
function timeFor(objects: number): TimeLimit {
  const controller = new AbortController();
  let begun = 0;
  const hasTimeLeft = (): boolean => begun++ < objects;
  const { recordSignal } = unlimitedTime;
  return { hasTimeLeft, signal: controller.signal, recordSignal };
}

it('a batch that runs out of time continues with the objects that are left, and records all of them', async () => {
  const keys = ['a', 'b', 'c'];
  for (const key of keys) s3.put('source', key);
  expect(await run(batchOf(keys), { concurrency: 1, timeLimit: timeFor(2) })).toEqual({ finished: false });
  expect(s3.keys('journal', 'runs/one/records/')).toEqual([]);
  s3.requests.length = 0;
  const entries = await copy(batchOf(keys));
  expect(entries.map(({ key, status }) => [key, status])).toEqual(keys.map((key) => [key, 'copied']));
  expect(copied()).toEqual([`${day}/c`]);
  expect(s3.requested('HeadObject')).not.toContain('a');
});

it('a hundred legacy objects are read once each, however many invocations the batch takes', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `legacy ${String(index).padStart(3, '0')}`);
  for (const key of keys) s3.put('source', key, legacy(key));
  let invocations = 1;
  while (!(await run(batchOf(keys), { concurrency: 16, timeLimit: timeFor(16) })).finished) invocations += 1;
  expect(invocations).toBeGreaterThan(6);
  const reads = s3.requested('GetObject').filter((key) => key.includes('legacy'));
  expect(reads).toHaveLength(200);
  expect(copied()).toHaveLength(100);
});

it('an object that is cut off in every attempt is recorded as failed, and the others are copied', async () => {
  for (const key of ['huge', 'small']) s3.put('source', key, legacy(key));
  let invocations = 0;
  let finished = false;
  while (!finished && invocations < 20) {
    invocations += 1;
    const controller = new AbortController();
    s3.intercept((operation, key) => {
      if (operation === 'GetObject' && key.endsWith('huge')) controller.abort();
    });
    const timeLimit = { ...unlimitedTime, hasTimeLeft: () => !controller.signal.aborted, signal: controller.signal };
    ({ finished } = await run(batchOf(['huge', 'small']), {
      concurrency: 1,
      timeLimit,
      s3: { ...s3.access, signal: controller.signal },
    }));
  }
  expect(fromLines(s3.text('journal', recordKey('one', 'huge')) ?? '')).toMatchObject([
    { key: 'huge', status: 'failed', reason: 'OutOfTime' },
    { key: 'small', status: 'copied' },
  ]);
});

it('progress is saved while a batch is running, for a function that is killed', async () => {
  const keys = ['a', 'b', 'c'];
  for (const key of keys) s3.put('source', key);
  let now = 0;
  s3.intercept((operation, key) => {
    now += 11_000;
    if (operation === 'CopyObject' && key.endsWith('c')) throw new SupersededError('killed');
  });
  await run(batchOf(keys), { concurrency: 1, now: () => now }).catch(() => undefined);
  s3.intercept(() => undefined);
  s3.requests.length = 0;
  await copy(batchOf(keys));
  expect(copied()).toEqual([`${day}/c`]);
});

it('after the last attempt the objects that were not copied are recorded as failed', async () => {
  s3.put('source', 'a');
  await run(batchOf(['a', 'b', 'c']), { concurrency: 1, timeLimit: timeFor(1) });
  const entries = await copy({ ...batchOf(['a', 'b', 'c']), failure: 'Lambda.Unknown' });
  expect(entries).toMatchObject([
    { status: 'copied', key: 'a' },
    { status: 'failed', key: 'b', size: 1, reason: 'Lambda.Unknown' },
    { status: 'failed', key: 'c', size: 1, reason: 'Lambda.Unknown' },
  ]);
});

const read = (event: unknown) => readBatch(event, s3.store('backup'));

it('reads a batch of the map and a single item alike', async () => {
  const item = { day, run: 'one', resumed: false, key: 'a', size: 1 };
  expect(await read({ input: { Items: [item] }, retries: 0 })).toEqual(await read({ input: item }));
  const failed = { ...item, failure: { Error: 'Lambda.Unknown', Cause: '…' } };
  expect(await read({ input: failed })).toMatchObject({ failure: 'Lambda.Unknown' });
});

it.each([
  [{ resumed: false }, 0, false],
  [{ resumed: true }, 0, true],
  [{ resumed: false }, 2, true],
])(
  'looks for existing copies in a resumed run and after a failed attempt: %j, %i retries',
  async (more, retries, mayExist) => {
    const item = { day, run: 'one', key: 'a', size: 1, ...more };
    expect(await read({ input: { Items: [item] }, retries })).toMatchObject({ items: [{ key: 'a', mayExist }] });
  },
);

it.each([{}, { input: {} }, { input: { Items: [] } }, { input: { Items: [{ key: 'a' }] } }])(
  'refuses the event %j',
  async (event) => {
    await expect(read(event)).rejects.toBeInstanceOf(InvalidRequestError);
  },
);

it('repairs a part of a manifest: failed objects are copied, skipped ones stay skipped, sound copies stay', async () => {
  for (const key of ['ok', 'failed', 'cold', 'new since'])
    s3.put('source', key, key === 'cold' ? { storageClass: 'GLACIER' } : {});
  const [ok, cold] = await copy(batchOf(['ok', 'cold']));
  const failed: Entry = { status: 'failed', key: 'failed', size: 1, reason: 'AccessDenied' };
  const part = '_manifests/part-000001.ndjson';
  s3.put('backup', part, { body: toLines([ok, cold, failed]) });
  s3.giveLock('two');
  s3.requests.length = 0;
  const batch = await read({ input: { day, run: 'two', part } });
  await run(batch);
  const record = recordKey('two', 'ok');
  expect(fromLines(s3.text('journal', record) ?? '')).toMatchObject([ok, cold, { key: 'failed', status: 'copied' }]);
  expect(copied()).toEqual([`${day}/failed`]);
});

it('a copied object keeps its entry if its part cannot be repaired, so that the verification decides', async () => {
  s3.put('source', 'ok');
  const [ok] = await copy(batchOf(['ok']));
  const items = [{ day, run: 'one', key: 'ok', size: 1, mayExist: true, entry: ok! }] as const;
  expect(await copy({ items, failure: 'Lambda.Unknown' })).toEqual([ok]);
});
