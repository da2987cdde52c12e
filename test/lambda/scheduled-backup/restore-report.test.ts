import { findingsKey, restoreReportKey } from '../../../lambda/scheduled-backup/journal';
import { partKey } from '../../../lambda/scheduled-backup/manifest';
import { reportRestore } from '../../../lambda/scheduled-backup/restore-report';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-20';
const run = {
  day,
  run: 'one',
  startedAt: `${day}T10:00:00Z`,
  prefix: '',
  targetBucket: 'source',
  dryRun: false,
  overwrite: false,
  partsPrefix: '',
  parts: 1,
  empty: false,
  backupStatus: 'complete' as const,
};
const now = (): Date => new Date(`${day}T10:00:09Z`);

function journal(...parts: object[]): MemoryTexts {
  const all = { restored: 0, alike: 0, kept: 0, failed: 0, bytes: 0, findings: [] };
  const texts = parts.map((part, index) => [
    findingsKey('one', 'restored', partKey(day, 'whatever', index + 1)),
    JSON.stringify({ ...all, ...part }),
  ]);
  return new MemoryTexts(Object.fromEntries(texts) as Record<string, string>);
}

it('what became of all parts is added up, kept, and said in words', async () => {
  const texts = journal({ restored: 2, bytes: 10 }, { restored: 1, alike: 4, kept: 1, bytes: 5 });
  const answer = await reportRestore({ ...run, parts: 2 }, { journal: texts, now });
  expect(answer.report).toMatchObject({ status: 'restored', restored: 3, alike: 4, kept: 1, failed: 0, bytes: 15 });
  expect(answer.message).toBe(
    `Restore of ${day} to source: done.\n` +
      '3 objects restored (15 bytes), 4 alike already, 1 kept as they are, 0 failed, in 9 s.',
  );
  expect(JSON.parse(texts.texts.get(restoreReportKey(day, 'one')) ?? '')).toEqual(answer.report);
});

it('an object that was not restored makes it incomplete, and is named', async () => {
  const texts = journal({ failed: 1, findings: [{ key: 'a b', reason: 'other-checksum' }] });
  const answer = await reportRestore({ ...run, dryRun: true }, { journal: texts, now });
  expect(answer).toMatchObject({ outcome: 'incomplete', subject: `Dry run of restore of ${day}: NOT COMPLETE` });
  expect(answer.message).toContain('  other-checksum: a b');
});

it('a backup that is incomplete is said to be', async () => {
  const answer = await reportRestore({ ...run, parts: 0, backupStatus: 'incomplete' }, { journal: journal(), now });
  expect(answer.message).toContain('The backup itself is incomplete');
});

it.each([
  ['was not gone through', []],
  ['was left before its end', [{ restored: 1, left: ['b'] }]],
])('a part that %s is an error, and no report', async (_what, parts) => {
  const texts = journal(...parts);
  await expect(reportRestore(run, { journal: texts, now })).rejects.toThrow(/^0 of 1 parts of the manifest/);
  expect(texts.texts.has(restoreReportKey(day, 'one'))).toBe(false);
});
