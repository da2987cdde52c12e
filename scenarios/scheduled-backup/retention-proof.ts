import type { Check } from '../shared/scenario';
import { backUp } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered } from './opening';
import { keysUnder } from './source-objects';

/** More days than any `retentionDays`. */
const later = 3_651;

export const retentionProof: Check = {
  name: 'retention',
  title: 'a backup whose time is over goes after a newer complete one, and not before',
  async run(run) {
    const opening = open(run, [0, 1, later]);
    const { from, prefix, days } = opening;
    const [old = '', next = '', newest = ''] = days;
    const objects = await putNumbered(run, opening, 15, () => 100);
    await backUp(run, from, old);
    await backUp(run, from, next);
    const kept = await keysUnder(from.s3, from.backupBucket, `${old}/${prefix}`);
    run.assert(kept.length === objects.length, 'a backup within its time is kept', String(kept.length));
    await backUp(run, from, newest);
    for (const gone of [old, next]) {
      const left = [
        ...(await keysUnder(from.s3, from.backupBucket, `${gone}/`)),
        ...(await keysUnder(from.s3, from.backupBucket, `_manifests/${gone}/`)),
      ];
      run.assert(left.length === 0, `the backup of ${gone} is gone, with its manifest`, String(left.length));
    }
    const { summary } = await readManifest(from, newest, prefix);
    run.assert(summary.status === 'complete', 'the newest one is there');
  },
};
