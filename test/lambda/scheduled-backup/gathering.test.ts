import { gather, type Gathered } from '../../../lambda/scheduled-backup/gathering';
import { recordKey } from '../../../lambda/scheduled-backup/journal';
import { fromLines, toLines, type Entry } from '../../../lambda/scheduled-backup/manifest';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-21';
const run = {
  day,
  run: 'one',
  scheduledTime: '',
  startedAt: '',
  resumed: false,
  verifyOnly: false,
  partsPrefix: `_manifests/${day}/one/`,
};

const entry = (key: string): Entry => ({ status: 'skipped', key, size: 1, reason: 'archived' });
const keysOf = (number: number): string[] =>
  Array.from({ length: number }, (_, index) => `key ${String(index).padStart(6, '0')}`);

function journal(keys: readonly string[], batch = 10, pageSize = 1_000): MemoryTexts {
  const texts = new MemoryTexts({ 'lock.json': JSON.stringify({ run: 'one', execution: 'arn', day }) }, pageSize);
  for (let start = 0; start < keys.length; start += batch) {
    const some = keys.slice(start, start + batch);
    texts.texts.set(recordKey('one', some[0]!), toLines(some.map(entry)));
  }
  return texts;
}

const listed = (backup: MemoryTexts): string[] =>
  [...backup.texts.keys()].sort().flatMap((key) => fromLines(backup.texts.get(key)!).map((one) => one.key));

it('records of all batches become parts in the order of keys', async () => {
  const backup = new MemoryTexts();
  const keys = keysOf(95);
  const desk = { journal: journal([...keys].reverse(), 1), backup, partEntries: 20, hasTime: () => true };
  expect(await gather(run, desk)).toEqual({
    counts: { copied: 0, skipped: 95, failed: 0, bytes: 0 },
    parts: 5,
    again: false,
  });
  expect(listed(backup)).toEqual(keys);
});

it('a manifest that takes several invocations is the same, with nothing twice and nothing lost', async () => {
  const backup = new MemoryTexts();
  const keys = keysOf(2_000);
  const texts = journal(keys, 7, 50);
  let gathered: Gathered | undefined;
  let calls = 0;
  do {
    const request = gathered === undefined ? run : { ...run, gathered };
    gathered = await gather(request, { journal: texts, backup, partEntries: 100, hasTime: () => false });
    calls += 1;
  } while (gathered.again);
  expect(calls).toBeGreaterThan(5);
  expect(listed(backup)).toEqual(keys);
  expect(gathered.counts.skipped).toBe(2_000);
  expect(backup.texts.size).toBe(gathered.parts);
});

it('an empty source has no parts', async () => {
  const backup = new MemoryTexts();
  const desk = { journal: journal([]), backup, partEntries: 20, hasTime: () => true };
  expect(await gather(run, desk)).toMatchObject({ parts: 0, again: false });
  expect(backup.texts.size).toBe(0);
});

it('records of another run do not come in', async () => {
  const backup = new MemoryTexts();
  const texts = journal(['mine']);
  texts.texts.set(recordKey('other', 'theirs'), toLines([entry('theirs')]));
  await gather(run, { journal: texts, backup, partEntries: 20, hasTime: () => true });
  expect(listed(backup)).toEqual(['mine']);
});

it('a run that was taken over from writes no manifest', async () => {
  const desk = { journal: journal(['a']), backup: new MemoryTexts(), partEntries: 20, hasTime: () => true };
  await expect(gather({ ...run, run: 'two' }, desk)).rejects.toMatchObject({ name: 'Superseded' });
});
