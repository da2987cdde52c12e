import fc from 'fast-check';
import { daysBefore } from '../../../lambda/scheduled-backup/day';
import { summaryKey } from '../../../lambda/scheduled-backup/manifest';
import { expiredDays, prune } from '../../../lambda/scheduled-backup/pruning';
import { MemoryTexts } from './memory-texts';

const today = '2026-11-21';

function backups(days: Readonly<Record<string, 'complete' | 'incomplete' | 'none'>>): MemoryTexts {
  const texts: Record<string, string> = {};
  for (const [day, status] of Object.entries(days)) {
    for (const key of ['a', 'b/c']) texts[`${day}/${key}`] = 'bytes';
    const rest = {
      run: 'r',
      scheduledTime: '',
      startedAt: '',
      finishedAt: '',
      source: '',
      mismatched: 0,
      findings: [],
    };
    const counts = { copied: 2, skipped: 0, failed: 0, bytes: 2 };
    const summary = { day, status, ...rest, counts, parts: { prefix: `_manifests/${day}/r/`, count: 1 } };
    if (status !== 'none') texts[summaryKey(day)] = JSON.stringify(summary);
  }
  return new MemoryTexts(texts);
}

const daysIn = (backup: MemoryTexts): string[] =>
  [...new Set([...backup.texts.keys()].map((key) => /\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? key))].sort();

it('days older than the retention go, copies and manifest, and the others stay', async () => {
  const kept = daysBefore(today, 35);
  const backup = backups({
    [today]: 'complete',
    [kept]: 'complete',
    [daysBefore(today, 36)]: 'complete',
    '2020-01-01': 'none',
  });
  const pruned = await prune(today, { backup, retentionDays: 35, hasTime: () => true });
  expect(pruned).toEqual({ days: ['2020-01-01', daysBefore(today, 36)], again: false });
  expect(daysIn(backup)).toEqual([kept, today]);
});

it('the newest complete day stays, however old it is', async () => {
  const backup = backups({ '2020-01-01': 'complete', '2020-01-02': 'complete', '2020-01-03': 'incomplete' });
  await prune(today, { backup, retentionDays: 35, hasTime: () => true });
  expect(daysIn(backup)).toEqual(['2020-01-02']);
});

it('what runs out of time goes on in the next call, the manifest first', async () => {
  const backup = backups({ [today]: 'complete', '2020-01-01': 'complete' });
  let looks = 0;
  expect(await prune(today, { backup, retentionDays: 35, hasTime: () => looks++ < 1 })).toMatchObject({ again: true });
  expect([...backup.texts.keys()].filter((key) => key.includes('2020-01-01'))).toEqual([
    '2020-01-01/a',
    '2020-01-01/b/c',
  ]);
  expect(await prune(today, { backup, retentionDays: 35, hasTime: () => true })).toMatchObject({ again: false });
  expect(daysIn(backup)).toEqual([today]);
});

it('what is no day is never removed', () => {
  expect(expiredDays(['_manifests', 'x', '2020-1-1', '1999-02-30'], today, 1, undefined)).toEqual([]);
});

it('no day within the retention and no day to keep is ever among the expired', () => {
  const days = fc.array(fc.integer({ min: -10, max: 400 }).map((age) => daysBefore(today, age)));
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 100 }), fc.nat(), (all, retentionDays, pick) => {
      const keep = all[pick % Math.max(1, all.length)];
      const expired = expiredDays(all, today, retentionDays, keep);
      expect(expired.filter((day) => day >= daysBefore(today, retentionDays) || day === keep)).toEqual([]);
    }),
  );
});
