import { summaryKey } from '../../../lambda/scheduled-backup/manifest';
import { beginRestore } from '../../../lambda/scheduled-backup/restore-start';
import { BackupS3 } from './backup-s3';

const day = '2026-11-20';

function begin(request: object, parts = 1, s3 = new BackupS3()) {
  const summary = {
    day,
    status: 'complete',
    run: 'r',
    scheduledTime: '',
    startedAt: '',
    finishedAt: `${day}T01:00:00Z`,
    source: 'source',
    parts: { prefix: `_manifests/${day}/r/`, count: parts },
    counts: { copied: 1, skipped: 0, failed: 0, bytes: 1 },
    mismatched: 0,
    findings: [],
  };
  s3.put('backup', summaryKey(day), { body: JSON.stringify(summary) });
  return beginRestore(
    { request, execution: { id: 'arn', name: 'one', startedAt: 'now' } },
    { sourceBucket: 'source', restoreTargets: ['another'], backup: s3.store('backup'), region: 'eu-west-1' },
  );
}

it('a day without options restores all missing objects to the source', async () => {
  expect(await begin({ day })).toEqual({
    day,
    run: 'one',
    startedAt: 'now',
    prefix: '',
    targetBucket: 'source',
    dryRun: false,
    overwrite: false,
    partsPrefix: `_manifests/${day}/r/`,
    parts: 1,
    empty: false,
    backupStatus: 'complete',
  });
});

it('accepts a configured target bucket, and knows an empty manifest', async () => {
  const run = await begin({ day, targetBucket: 'another' }, 0);
  expect(run).toMatchObject({ targetBucket: 'another', empty: true });
});

it('refuses a target in another region and names the fix, but not because of the other targets', async () => {
  const s3 = new BackupS3({ regions: { another: 'us-west-2' } });
  await expect(begin({ day, targetBucket: 'another' }, 1, s3)).rejects.toThrow(
    /^bucket 'another' is in us-west-2, but the stack is in eu-west-1: .*or use a bucket in eu-west-1$/,
  );
  expect(await begin({ day }, 1, s3)).toMatchObject({ targetBucket: 'source' });
});

it.each([
  [{ day, targetBucket: 'backup' }, /targetBucket 'backup' is not a restore target: use one of source, another/],
  [{ day: '2026-11-19' }, /there is no backup of 2026-11-19/],
  [{ day: '20.11.2026' }, /day: use a day such as 2026-11-20/],
  [{ day, overwrites: true }, /overwrites/],
  [{}, /day/],
])('refuses the request %j and names the fix', async (request, message) => {
  await expect(begin(request)).rejects.toThrow(message);
});
