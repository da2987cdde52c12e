import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Check } from '../shared/scenario';
import { ended, startBackup, succeeded } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered } from './opening';
import { keysUnder } from './source-objects';

const number = 150;

export const twiceProof: Check = {
  name: 'twice',
  title: 'a schedule that fires twice makes one backup, and two days never run at once',
  async run(run) {
    const opening = open(run, [0, 1]);
    const { from, prefix, days } = opening;
    const [first = '', second = ''] = days;
    await putNumbered(run, opening, number, () => 500);

    await run.step('start one day twice, and another day meanwhile', async () => {
      const both = await Promise.all([startBackup(from, first), startBackup(from, first)]);
      await run.eventually('the first copy', async () => {
        const keys = await keysUnder(from.s3, from.backupBucket, `${first}/${prefix}`);
        return keys.length > 0 ? true : undefined;
      });
      const other = await ended(run, from, await startBackup(from, second));
      run.assert(
        other.status === 'FAILED' && other.error === 'OverlappingRun',
        'the other day is refused while the first is going',
        `${other.status ?? ''} ${other.error ?? ''}`,
      );
      for (const execution of both) succeeded(run, await ended(run, from, execution));
    });
    await run.step('start it a third time', async () =>
      succeeded(run, await ended(run, from, await startBackup(from, first))),
    );
    const { entries } = await readManifest(from, first, prefix);
    run.assert(entries.length === number, 'the manifest has every object once', String(entries.length));
    const { Versions = [] } = await from.s3.send(
      new ListObjectVersionsCommand({ Bucket: from.backupBucket, Prefix: `${first}/${prefix}` }),
    );
    run.assert(Versions.length === number, 'every object was copied once', `${Versions.length} versions`);
    const manifests = await keysUnder(from.s3, from.backupBucket, `_manifests/${first}/`);
    const runs = new Set(manifests.map((key) => key.split('/')[2]).filter((name) => name !== 'summary.json'));
    run.assert(runs.size === 1, 'one run wrote the manifest', String(runs.size));
  },
};
