import { restoreReportKey, resultKey } from '../../../lambda/scheduled-backup/journal';
import { partKey } from '../../../lambda/scheduled-backup/manifest';
import { reportRestore } from '../../../lambda/scheduled-backup/restore-report';
import type { RestoreRun } from '../../../lambda/scheduled-backup/restore-start';
import { BackupS3 } from './backup-s3';

const day = '2026-11-20';
const run: RestoreRun = {
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
  backupStatus: 'complete',
};
let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
});

function putResults(...results: object[]): void {
  const nothing = { restored: 0, identical: 0, kept: 0, failed: 0, notBackedUp: 0, bytes: 0, findings: [] };
  for (const [index, result] of results.entries()) {
    const key = resultKey('one', 'restored', partKey(day, 'any', index + 1));
    s3.put('journal', key, { body: JSON.stringify({ ...nothing, ...result }) });
  }
}

const report = (request: Partial<RestoreRun> = {}) =>
  reportRestore({ ...run, ...request }, { journal: s3.store('journal'), now: () => new Date(`${day}T10:00:09Z`) });

const storedReport = () => s3.text('journal', restoreReportKey(day, 'one'));

it('the results of all parts are added up, stored, and described in the message', async () => {
  putResults({ restored: 2, bytes: 10 }, { restored: 1, identical: 4, kept: 1, bytes: 5 });
  const end = await report({ parts: 2 });
  expect(end.report).toMatchObject({ status: 'restored', restored: 3, identical: 4, kept: 1, failed: 0, bytes: 15 });
  expect(end.message).toBe(
    `Restore of ${day} to source: complete.\n` +
      '3 objects restored (15 bytes), 4 identical already, 1 kept as they are, 0 failed, 0 not in the backup, in 9 s.',
  );
  expect(JSON.parse(storedReport() ?? '')).toEqual(end.report);
});

it('an object that was not restored makes the restore incomplete, and is listed', async () => {
  putResults({ failed: 1, findings: [{ key: 'a b', reason: 'other-checksum' }] });
  const end = await report({ dryRun: true });
  expect(end).toMatchObject({ outcome: 'incomplete', subject: `Dry run of the restore of ${day}: NOT COMPLETE` });
  expect(end.message).toContain('  other-checksum: a b');
});

it('an object that the backup does not have makes the restore incomplete, and is listed', async () => {
  putResults({ restored: 1, notBackedUp: 3, findings: [{ key: 'cold', reason: 'not backed up (archived)' }] });
  const end = await report();
  expect(end).toMatchObject({ outcome: 'incomplete', report: { status: 'incomplete', notBackedUp: 3 } });
  expect(end.message).toContain(
    '1 objects restored (0 bytes), 0 identical already, 0 kept as they are, 0 failed, 3 not in the backup',
  );
  expect(end.message).toContain('  not backed up (archived): cold');
});

it('a prefix that no object has makes the restore incomplete', async () => {
  putResults({});
  const end = await report({ prefix: 'reprots/' });
  expect(end).toMatchObject({ outcome: 'incomplete' });
  expect(end.message).toContain("No object of the backup has a key that begins with 'reprots/'.");
});

it('an empty backup is restored completely', async () => {
  expect(await report({ parts: 0 })).toMatchObject({ outcome: 'restored' });
});

it('the message says that the backup itself is incomplete', async () => {
  const end = await report({ parts: 0, backupStatus: 'incomplete' });
  expect(end.message).toContain('The backup itself is incomplete');
});

it.each([
  ['was not processed', []],
  ['was not processed to its end', [{ restored: 1, remaining: ['b'] }]],
])('a part that %s is an error, and no report is written', async (_state, results) => {
  putResults(...results);
  await expect(report()).rejects.toThrow('expected results of 1 manifest parts, got 0');
  expect(storedReport()).toBeUndefined();
});
