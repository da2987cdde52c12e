import fc from 'fast-check';
import { copyBatch, readBatch, type CopyBatch, type CopyDesk } from '../../../lambda/scheduled-backup/copy-batch';
import { UnusableRequest } from '../../../lambda/scheduled-backup/failures';
import { recordKey } from '../../../lambda/scheduled-backup/journal';
import { fromLines } from '../../../lambda/scheduled-backup/manifest';
import { MemoryObjects } from './memory-objects';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-21';

function desk(more: Partial<Pick<CopyDesk, 'deadline' | 'multipartThresholdBytes'>> = {}, holder = 'one') {
  return {
    objects: new MemoryObjects(),
    journal: new MemoryTexts({ 'lock.json': JSON.stringify({ run: holder, execution: 'arn', day }) }),
    sourceBucket: 'source',
    backupBucket: 'backup',
    deadline: { hasTime: true, signal: new AbortController().signal },
    lanes: 4,
    multipartThresholdBytes: 1_000,
    onFailed: () => undefined,
    ...more,
  };
}

function batch(keys: readonly string[], more: Partial<CopyBatch> = {}): CopyBatch {
  const items = keys.map((key) => ({ day, run: 'one', resumed: false, key, size: 1 }));
  return { items: items as unknown as CopyBatch['items'], retried: false, ...more };
}

const odd = ['with space', 'plus+plus', '100%25', 'ünïcode/日本', 'a/../b', '?versionId=x', 'quote"&<>', './dot', ' '];

it.each(odd)('the key %j is copied as it is', async (key) => {
  const on = desk();
  const version = on.objects.put('source', key);
  const [entry] = await copyBatch(batch([key]), on);
  expect(entry).toMatchObject({ status: 'copied', key, version });
  expect(on.objects.bytes({ bucket: 'backup', key: `${day}/${key}` })).toBe(`bytes of ${key}`);
});

it('what became of each object is recorded under the first key', async () => {
  const on = desk();
  for (const key of ['a', 'b']) on.objects.put('source', key);
  const entries = await copyBatch(batch(['a', 'b']), on);
  expect(fromLines(on.journal.texts.get(recordKey('one', 'a')) ?? '')).toEqual(entries);
});

it('archived, deleted and overlong objects are skipped with the reason, and the rest is copied', async () => {
  const on = desk();
  const long = 'x'.repeat(1_014);
  on.objects.put('source', 'cold', { archived: true });
  on.objects.put('source', long);
  on.objects.put('source', 'warm');
  const entries = await copyBatch(batch(['cold', 'gone', long, 'warm']), on);
  expect(entries.map((entry) => ('reason' in entry ? entry.reason : entry.status))).toEqual([
    'archived',
    'deleted',
    'key-too-long',
    'copied',
  ]);
});

it('an object that fails is recorded with its error, and the rest is copied', async () => {
  const on = desk();
  for (const key of ['a', 'b', 'c']) on.objects.put('source', key);
  on.objects.meanwhile = (from) => {
    if (from.key === 'b') throw Object.assign(new Error('no'), { name: 'AccessDenied' });
  };
  const entries = await copyBatch(batch(['a', 'b', 'c']), on);
  expect(entries.map(({ status }) => status)).toEqual(['copied', 'failed', 'copied']);
  expect(entries[1]).toMatchObject({ key: 'b', reason: 'AccessDenied' });
});

it('an object that changes under the copy is copied in a version that it names', async () => {
  const on = desk();
  on.objects.put('source', 'a', { bytes: 'old' });
  let changes = 0;
  on.objects.meanwhile = (from) => {
    // The version that was seen is removed for good, and a newer one is there.
    if (changes++ < 2) {
      on.objects.put('source', 'a', { bytes: `new ${changes}` });
      on.objects.remove(from);
    }
  };
  const [entry] = await copyBatch(batch(['a']), on);
  expect(entry?.status).toBe('copied');
  if (entry?.status !== 'copied') return;
  const source = on.objects.bytes({ bucket: 'source', key: 'a', versionId: entry.version });
  const copy = on.objects.bytes({ bucket: 'backup', key: `${day}/a`, versionId: entry.copyVersion });
  expect(copy).toBe(source);
});

it('above the threshold an object is copied in parts, with its tags, and both are read where checksums do not meet', async () => {
  const on = desk({ multipartThresholdBytes: 10 });
  on.objects.put('source', 'large', { bytes: 'x'.repeat(11), tags: { a: 'b' }, metadata: { m: '1' } });
  const [entry] = await copyBatch(batch(['large']), on);
  expect(on.objects.inParts).toEqual([`${day}/large`]);
  expect(entry).toMatchObject({ status: 'copied', checksum: { algorithm: 'READ-SHA256' } });
  expect(await on.objects.tags({ bucket: 'backup', key: `${day}/large` })).toEqual({ a: 'b' });
});

it('a resumed run copies nothing that is there, and records the same', async () => {
  const on = desk();
  for (const key of ['a', 'b']) on.objects.put('source', key, { tags: { t: key } });
  const first = await copyBatch(batch(['a', 'b']), on);
  const again = batch(['a', 'b']);
  const resumed = { ...again, items: again.items.map((item) => ({ ...item, resumed: true })) } as unknown as CopyBatch;
  expect(await copyBatch(resumed, on)).toEqual(first);
  expect(on.objects.copies).toHaveLength(2);
});

it.each([
  ['bytes', { bytes: 'other!' }],
  ['tags', { bytes: 'before', tags: { t: '2' } }],
  ['metadata', { bytes: 'before', tags: { t: '1' }, metadata: { m: '2' } }],
  ['headers', { bytes: 'before', tags: { t: '1' }, headers: { contentType: 'image/png' } }],
])('a resumed run copies again what has other %s since', async (_what, changed) => {
  const on = desk();
  on.objects.put('source', 'a', { bytes: 'before', tags: { t: '1' } });
  await copyBatch(batch(['a']), on);
  on.objects.put('source', 'a', changed);
  await copyBatch(batch(['a'], { retried: true }), on);
  expect(on.objects.copies).toHaveLength(2);
});

it('a run that another has taken over from copies nothing more', async () => {
  const on = desk({}, 'two');
  on.objects.put('source', 'a');
  await expect(copyBatch(batch(['a']), on)).rejects.toMatchObject({ name: 'Superseded' });
  expect(on.objects.copies).toEqual([]);
});

it('near the end of its time a batch asks to be tried again instead of failing its objects', async () => {
  const on = desk({ deadline: { hasTime: false, signal: new AbortController().signal } });
  await expect(copyBatch(batch(['a']), on)).rejects.toMatchObject({ name: 'OutOfTime' });
  expect([...on.journal.texts.keys()]).toEqual(['lock.json']);
});

it('a batch that cannot be copied at all is recorded as failed', async () => {
  const on = desk();
  const entries = await copyBatch(batch(['a', 'b'], { failure: 'Lambda.Unknown' }), on);
  expect(entries).toEqual([
    { status: 'failed', key: 'a', size: 1, reason: 'Lambda.Unknown' },
    { status: 'failed', key: 'b', size: 1, reason: 'Lambda.Unknown' },
  ]);
});

it('a batch of the map and a single item are read alike', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (key, size) => {
      const item = { day, run: 'one', resumed: false, key, size };
      expect(readBatch({ input: { Items: [item] }, retries: 0 })).toEqual(readBatch({ input: item }));
    }),
  );
  const failed = { ...batch(['a']).items[0], failure: { Error: 'Lambda.Unknown', Cause: '…' } };
  expect(readBatch({ input: failed })).toMatchObject({ failure: 'Lambda.Unknown' });
  expect(readBatch({ input: { Items: [batch(['a']).items[0]] }, retries: 2 })).toMatchObject({ retried: true });
});

it.each([{}, { input: {} }, { input: { Items: [] } }, { input: { Items: [{ key: 'a' }] } }])(
  '%j is no batch',
  (event) => {
    expect(() => readBatch(event)).toThrow(UnusableRequest);
  },
);
