import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ScenarioRun } from '../shared/scenario';
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

/** Deletes current objects, as a person does by mistake; their versions stay. */
export async function deleteAll(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += 1_000) {
    const Objects = keys.slice(start, start + 1_000).map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
}

export async function removeVersions(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  // The listed versions are gone, so the first page is always the next one.
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Objects.slice(0, 1_000), Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined) throw new Error(`cannot delete ${first.Key ?? ''} in ${bucket}: ${first.Code ?? ''}`);
  }
}
