import { setTimeout as sleep } from 'node:timers/promises';
import { removeVersions } from '../shared/s3-keys';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { outputKey, sourceFolder, sourceKey } from './keys';

/** Milliseconds without a new version after which no event is assumed to be in progress. */
const quietMilliseconds = 3_000;

/** Removes, after the check, every version of the photos in these folders and of their outputs; events may still write. */
export function cleanUpObjects(run: ScenarioRun, from: Deployment, folders = [run.runId]): void {
  run.cleanUp('photos and their variants', async () => {
    await run.eventually('the removal of all photos and outputs', async () => {
      const removed = await removeAll(from, folders);
      if (removed > 0) return undefined;
      await sleep(quietMilliseconds);
      return (await removeAll(from, folders)) === 0 ? true : undefined;
    });
  });
}

async function removeAll(from: Deployment, folders: readonly string[]): Promise<number> {
  let removed = 0;
  for (const folder of folders) {
    removed += await removeVersions(from.s3, from.uploadBucket, sourceKey(from, folder, ''));
    removed += await removeVersions(from.s3, from.resizedBucket, outputKey(from, sourceFolder(from, folder), ''));
  }
  return removed;
}
