import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
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

async function removeVersions(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  let removed = 0;
  // Listed versions are deleted, so the first page is always the next one.
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }): ObjectIdentifier => ({ Key, VersionId }),
    );
    if (objects.length === 0) return removed;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects.slice(0, 1000), Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined)
      throw new Error(`cannot delete ${first.Key ?? ''} in ${bucket}: ${first.Code ?? ''} ${first.Message ?? ''}`);
    removed += objects.length;
  }
}
