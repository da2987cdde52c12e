import { summaryKey } from '../../../lambda/scheduled-backup/manifest';
import { beginRestore } from '../../../lambda/scheduled-backup/restore-start';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-20';

const desk = (count = 1) => ({
  sourceBucket: 'source',
  restoreTargets: ['another'],
  backup: new MemoryTexts({
    [summaryKey(day)]: JSON.stringify({
      day,
      status: 'complete',
      run: 'r',
      scheduledTime: '',
      startedAt: '',
      finishedAt: '',
      source: 'source',
      parts: { prefix: `_manifests/${day}/r/`, count },
      counts: { copied: 1, skipped: 0, failed: 0, bytes: 1 },
      mismatched: 0,
      findings: [],
    }),
  }),
});

const input = (request: object) => ({ request, execution: { id: 'arn', name: 'one', startedAt: 'now' } });

it('a day alone restores everything that is missing to the source', async () => {
  expect(await beginRestore(input({ day }), desk())).toEqual({
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

it('a bucket among the targets is restored to, and an empty manifest is known to be', async () => {
  const run = await beginRestore(input({ day, targetBucket: 'another' }), desk(0));
  expect(run).toMatchObject({ targetBucket: 'another', empty: true });
});

it.each([
  [{ day, targetBucket: 'backup' }, /targetBucket 'backup' is none to restore to: use one of source, another/],
  [{ day: '2026-11-19' }, /there is no backup of 2026-11-19/],
  [{ day: '20.11.2026' }, /day: use a day such as 2026-11-20/],
  [{ day, overwrites: true }, /overwrites/],
  [{}, /day/],
])('%j is refused with the fix', async (request, said) => {
  await expect(beginRestore(input(request), desk())).rejects.toThrow(said);
});
