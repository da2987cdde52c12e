import { completeBackup } from '../../../lambda/scheduled-backup/completion';
import { failuresKey, resultKey } from '../../../lambda/scheduled-backup/journal';
import { partKey, summaryKey, type Summary } from '../../../lambda/scheduled-backup/manifest';
import { BackupS3, day } from './backup-s3';

const run = {
  day,
  run: 'one',
  scheduledTime: `${day}T00:00:00Z`,
  startedAt: `${day}T00:00:00Z`,
  resumed: false,
  verifyOnly: false,
  partsPrefix: `_manifests/${day}/one/`,
  assembly: { counts: { copied: 3, skipped: 1, failed: 0, bytes: 30 }, parts: 2, hasMore: false },
};

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
  s3.giveLock('one');
});

function putVerified(part: number, checked: number, ...damaged: string[]): void {
  const findings = damaged.map((key) => ({ key, reason: 'other-checksum' }));
  const body = JSON.stringify({ checked, mismatched: damaged.length, findings });
  s3.put('journal', resultKey('one', 'verified', partKey(day, 'one', part)), { body });
}

const complete = (request: Parameters<typeof completeBackup>[0]) =>
  completeBackup(request, {
    journal: s3.store('journal'),
    backup: s3.store('backup'),
    sourceBucket: 'source',
    now: () => new Date(`${day}T00:01:05Z`),
  });

const storedSummary = () => JSON.parse(s3.text('backup', summaryKey(day)) ?? 'null') as Summary;

it('a run whose copies all match is complete; the message has counts, bytes and duration', async () => {
  putVerified(1, 2);
  putVerified(2, 1);
  const { completion } = await complete(run);
  expect(storedSummary()).toMatchObject({ status: 'complete', parts: { prefix: run.partsPrefix, count: 2 } });
  expect(completion.outcome).toBe('complete');
  expect(completion.message).toBe(
    `Backup of ${day}: every copy matches its source.\n` +
      '3 objects copied (30 bytes), 1 skipped, 0 failed, 0 mismatched, in 65 s.',
  );
});

it('a copy that does not match makes the run incomplete, and is listed', async () => {
  putVerified(1, 2);
  putVerified(2, 1, 'a b/ü');
  const { completion } = await complete(run);
  expect(completion).toMatchObject({ outcome: 'incomplete', subject: `Backup of ${day}: NOT COMPLETE` });
  expect(completion.message).toContain('  other-checksum: a b/ü');
  expect(storedSummary()).toMatchObject({ status: 'incomplete', mismatched: 1 });
});

it('an object that failed makes the run incomplete, and is listed', async () => {
  putVerified(1, 3);
  const failures = [{ key: 'x', reason: 'AccessDenied' }];
  s3.put('journal', failuresKey('one'), { body: JSON.stringify(failures) });
  const counts = { ...run.assembly.counts, failed: 1 };
  const { completion } = await complete({ ...run, assembly: { ...run.assembly, counts } });
  expect(completion.message).toContain('  AccessDenied: x');
  expect(storedSummary()).toMatchObject({ status: 'incomplete', findings: failures });
});

it('an unverified part is an error, and no summary is written', async () => {
  putVerified(1, 2);
  await expect(complete(run)).rejects.toThrow('expected 3 verified copies, got 2');
  expect(s3.keys('backup')).toEqual([]);
});

/** Verifies the day again, with these damaged copies. */
async function verifyAgain(...damaged: string[]) {
  const { assembly: _, ...verification } = run;
  s3.giveLock('two');
  const findings = damaged.map((key) => ({ key, reason: 'missing' }));
  const body = JSON.stringify({ checked: 3, mismatched: damaged.length, findings });
  s3.put('journal', resultKey('two', 'verified', partKey(day, 'one', 1)), { body });
  return complete({ ...verification, run: 'two', verifyOnly: true });
}

it('a failed verification makes the day incomplete, and a later one complete again', async () => {
  putVerified(1, 3);
  await complete(run);
  const before = storedSummary();
  const { completion } = await verifyAgain('a');
  expect(completion).toMatchObject({
    outcome: 'incomplete',
    subject: `Verification of the backup of ${day}: NOT COMPLETE`,
  });
  const findings = [{ key: 'a', reason: 'missing' }];
  expect(storedSummary()).toEqual({
    ...before,
    status: 'incomplete',
    mismatched: 1,
    findings,
    verifiedAt: expect.any(String),
  });
  expect((await verifyAgain()).completion.outcome).toBe('complete');
  expect(storedSummary()).toMatchObject({ status: 'complete', mismatched: 0, findings: [], run: 'one' });
});

it('a verification does not forget the objects that failed', async () => {
  putVerified(1, 3);
  s3.put('journal', failuresKey('one'), { body: JSON.stringify([{ key: 'x', reason: 'AccessDenied' }]) });
  await complete({ ...run, assembly: { ...run.assembly, counts: { ...run.assembly.counts, failed: 1 } } });
  expect((await verifyAgain()).completion.outcome).toBe('incomplete');
  expect(storedSummary().findings).toEqual([{ key: 'x', reason: 'AccessDenied' }]);
});

it('a superseded run writes no summary', async () => {
  putVerified(1, 3);
  await expect(complete({ ...run, run: 'two' })).rejects.toMatchObject({ name: 'SupersededError' });
  expect(s3.keys('backup')).toEqual([]);
});
