import { findBackup } from '../../../operations/scheduled-backup/find-backup';

const day = '2026-11-20';
const summary = {
  day,
  status: 'complete',
  run: 'one',
  scheduledTime: '',
  startedAt: '',
  finishedAt: '2026-11-20T01:00:00Z',
  source: 'source',
  parts: { prefix: '', count: 1 },
  counts: { copied: 1, skipped: 0, failed: 0, bytes: 3 },
  mismatched: 0,
  findings: [],
};

/** Client of a bucket with the summaries of some days. */
function bucketOf(...days: string[]) {
  const send = async ({ input }: { input: { Key?: string } }) => {
    if (input.Key === undefined) return { CommonPrefixes: days.map((one) => ({ Prefix: `_manifests/${one}/` })) };
    const found = days.find((one) => input.Key === `_manifests/${one}/summary.json`);
    if (found === undefined) throw Object.assign(new Error('no'), { name: 'NoSuchKey' });
    return { Body: { transformToString: async () => JSON.stringify({ ...summary, day: found }) } };
  };
  return { send } as never;
}

it('returns the summary of the day', async () => {
  expect(await findBackup(bucketOf('2026-11-19', day), 'backup', day)).toEqual(summary);
});

it('names the newest days with a backup if the day has none', async () => {
  const days = Array.from({ length: 12 }, (_, index) => `2026-10-${String(index + 10)}`);
  await expect(findBackup(bucketOf(...days), 'backup', day)).rejects.toThrow(
    /no backup of 2026-11-20: use one of 2026-10-21, 2026-10-20, .*2026-10-12$/,
  );
  await expect(findBackup(bucketOf(), 'backup', day)).rejects.toThrow(/there are no backups/);
});
