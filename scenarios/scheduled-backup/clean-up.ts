import type { ScenarioRun } from '../shared/scenario';
import { removeVersions } from '../shared/s3-keys';
import type { Deployment } from './deployment';

/** Removes a check's objects and the backups of its days when the check ends. */
export function cleanUpBackups(run: ScenarioRun, deployment: Deployment, days: readonly string[]): void {
  const { s3, sourceBucket, backupBucket } = deployment;
  run.cleanUp('objects and their backups', async () => {
    await removeVersions(s3, sourceBucket, `${run.runId}/`);
    for (const day of days) {
      for (const prefix of [`${day}/`, `_manifests/${day}/`]) await removeVersions(s3, backupBucket, prefix);
    }
  });
}
