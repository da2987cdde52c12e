import { completeBackup } from '../../../lambda/scheduled-backup/completion';
import { findingsKey, recordKey } from '../../../lambda/scheduled-backup/journal';
import { partKey, summaryKey, toLines, type Summary } from '../../../lambda/scheduled-backup/manifest';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-21';
const run = {
  day,
  run: 'one',
  scheduledTime: `${day}T00:00:00Z`,
  startedAt: `${day}T00:00:00Z`,
  resumed: false,
  verifyOnly: false,
  partsPrefix: `_manifests/${day}/one/`,
  gathered: { counts: { copied: 3, skipped: 1, failed: 0, bytes: 30 }, parts: 2, again: false },
};

const verified = (checked: number, ...damaged: string[]): string =>
  JSON.stringify({
    checked,
    mismatched: damaged.length,
    findings: damaged.map((key) => ({ key, reason: 'other-checksum' })),
  });

function desk(...parts: string[]) {
  const lock = JSON.stringify({ run: 'one', execution: 'arn', day });
  const results = parts.map((text, index) => [findingsKey('one', 'verified', partKey(day, 'one', index + 1)), text]);
  return {
    journal: new MemoryTexts({ 'lock.json': lock, ...Object.fromEntries(results) }),
    backup: new MemoryTexts(),
    sourceBucket: 'source',
    now: () => new Date(`${day}T00:01:05Z`),
  };
}

const summaryIn = (backup: MemoryTexts): Summary => JSON.parse(backup.texts.get(summaryKey(day)) ?? 'null') as Summary;

it('a run whose copies all match is complete, and is told with counts, bytes and duration', async () => {
  const on = desk(verified(2), verified(1));
  const { completion } = await completeBackup(run, on);
  expect(summaryIn(on.backup)).toMatchObject({ status: 'complete', parts: { prefix: run.partsPrefix, count: 2 } });
  expect(completion.outcome).toBe('complete');
  expect(completion.message).toBe(
    `Backup of ${day}: every copy matches its source.\n` +
      '3 objects copied (30 bytes), 1 skipped, 0 failed, 0 mismatched, in 65 s.',
  );
});

it('a copy that does not match makes the run incomplete, and is named', async () => {
  const on = desk(verified(2), verified(1, 'a b/ü'));
  const { completion } = await completeBackup(run, on);
  expect(completion).toMatchObject({ outcome: 'incomplete', subject: `Backup of ${day}: NOT COMPLETE` });
  expect(completion.message).toContain('  other-checksum: a b/ü');
  expect(summaryIn(on.backup)).toMatchObject({ status: 'incomplete', mismatched: 1 });
});

it('an object that failed makes the run incomplete, and is named', async () => {
  const on = desk(verified(3));
  on.journal.texts.set(
    recordKey('one', 'x'),
    toLines([{ status: 'failed', key: 'x', size: 1, reason: 'AccessDenied' }]),
  );
  const counts = { ...run.gathered.counts, failed: 1 };
  const { completion } = await completeBackup({ ...run, gathered: { ...run.gathered, counts } }, on);
  expect(completion.message).toContain('  AccessDenied: x');
  expect(summaryIn(on.backup).findings).toEqual([{ key: 'x', reason: 'AccessDenied' }]);
});

it('a part that was not verified is no success, and no summary is written', async () => {
  const on = desk(verified(2));
  await expect(completeBackup(run, on)).rejects.toMatchObject({ name: 'StorageFailed' });
  expect(on.backup.texts.size).toBe(0);
});

it('a verification leaves the summary as it is', async () => {
  const on = desk(verified(2), verified(1));
  await completeBackup(run, on);
  const before = on.backup.texts.get(summaryKey(day));
  const { gathered: _, ...bare } = run;
  on.journal.texts.set(findingsKey('one', 'verified', partKey(day, 'one', 2)), verified(1, 'a'));
  const { completion } = await completeBackup({ ...bare, verifyOnly: true }, on);
  expect(completion).toMatchObject({ outcome: 'incomplete', subject: `Backup of ${day} verified: NOT COMPLETE` });
  expect(on.backup.texts.get(summaryKey(day))).toBe(before);
});

it('a run that was taken over from writes no summary', async () => {
  const on = desk(verified(3));
  await expect(completeBackup({ ...run, run: 'two' }, on)).rejects.toMatchObject({ name: 'Superseded' });
  expect(on.backup.texts.size).toBe(0);
});
