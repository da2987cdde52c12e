import type { Check } from '../shared/scenario';
import { backUp } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered } from './fixture';
import { keysUnder } from './source-objects';

/** More days than any `retentionDays`. */
const later = 3_651;

export const retentionProof: Check = {
  name: 'retention',
  title: 'an expired backup is removed after a newer complete one, and not before',
  async run(run) {
    const fixture = prepare(run, [0, 1, later]);
    const { deployment, prefix, days } = fixture;
    const [old = '', next = '', newest = ''] = days;
    const objects = await putNumbered(run, fixture, 15, () => 100);
    await backUp(run, deployment, old);
    await backUp(run, deployment, next);
    const kept = await keysUnder(deployment.s3, deployment.backupBucket, `${old}/${prefix}`);
    run.assert(kept.length === objects.length, 'a backup within the retention is kept', String(kept.length));
    await backUp(run, deployment, newest);
    for (const gone of [old, next]) {
      const left = [
        ...(await keysUnder(deployment.s3, deployment.backupBucket, `${gone}/`)),
        ...(await keysUnder(deployment.s3, deployment.backupBucket, `_manifests/${gone}/`)),
      ];
      run.assert(left.length === 0, `the backup of ${gone} is removed with its manifest`, String(left.length));
    }
    const { summary } = await readManifest(deployment, newest, prefix);
    run.assert(summary.status === 'complete', 'the newest backup is complete');
  },
};
