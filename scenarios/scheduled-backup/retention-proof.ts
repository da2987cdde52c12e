import type { Check } from '../scenario';
import { cleanUpBackups } from './clean-up';
import { longAgo, readDeployment } from './deployment';
import { backUp } from './executions';
import { readManifest } from './manifests';
import { keysUnder, putAll, randomObject } from './source-objects';

/** More days than any `retentionDays`. */
const later = 3_651;

export const retentionProof: Check = {
  name: 'retention',
  title: 'a backup whose time is over goes after a newer complete one, and not before',
  needs: 'quiet',
  async run(run) {
    const from = readDeployment(run);
    const prefix = `${run.runId}/`;
    const day = longAgo(run);
    const [old, next, newest] = [day(0), day(1), day(later)];
    cleanUpBackups(run, from, [old, next, newest]);
    const objects = Array.from({ length: 15 }, (_, index) => randomObject(run, `${prefix}${index}`, 100));
    await putAll(from.s3, from.sourceBucket, objects);
    await backUp(run, from, old);
    await backUp(run, from, next);
    const kept = await keysUnder(from.s3, from.backupBucket, `${old}/${prefix}`);
    run.holds(kept.length === objects.length, 'a backup within its time is kept', String(kept.length));
    await backUp(run, from, newest);
    for (const gone of [old, next]) {
      const left = [
        ...(await keysUnder(from.s3, from.backupBucket, `${gone}/`)),
        ...(await keysUnder(from.s3, from.backupBucket, `_manifests/${gone}/`)),
      ];
      run.holds(left.length === 0, `the backup of ${gone} is gone, with its manifest`, String(left.length));
    }
    const { summary } = await readManifest(from, newest, prefix);
    run.holds(summary.status === 'complete', 'the newest one is there');
  },
};
