import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  DeleteObjectsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isXmlText } from '../../lambda/shared/xml-text';

/** Keys of all current objects with a prefix. */
export async function keysUnder(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ContinuationToken }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => decoded(Key, page.EncodingType)));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

/** Deletes current objects, as a person does by mistake; their versions stay. */
export async function deleteKeys(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  await deleteObjects(
    s3,
    bucket,
    keys.map((Key) => ({ Key })),
  );
}

/** Removes all versions and delete markers with a prefix; returns their number. */
export async function removeVersions(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  const removed = await removeListedVersions(s3, bucket, prefix);
  // A listing of versions that is not URL-encoded does not name keys with CR. Not before: each deletion is an event of its own,
  // which would find neither the object nor its delete marker.
  const left = await keysUnder(s3, bucket, prefix);
  if (left.length === 0) return removed;
  await deleteKeys(s3, bucket, left);
  return removed + left.length + (await removeListedVersions(s3, bucket, prefix));
}

async function removeListedVersions(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  const attempted = new Set<string>();
  // The listed versions are gone, so the first page is always the next one.
  for (;;) {
    const listed = await firstVersions(s3, bucket, prefix);
    const versions = listed.filter(({ Key = '', VersionId = '' }) => !attempted.has(`${VersionId} ${Key}`));
    if (versions.length === 0) return attempted.size;
    for (const { Key = '', VersionId = '' } of versions) attempted.add(`${VersionId} ${Key}`);
    await deleteObjects(s3, bucket, versions);
  }
}

async function firstVersions(s3: S3Client, bucket: string, prefix: string): Promise<ObjectIdentifier[]> {
  const page: ListObjectVersionsCommandOutput = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url' }),
  );
  const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
  return all.map(({ Key = '', VersionId }) => ({ Key: decoded(Key, page.EncodingType), VersionId }));
}

/** S3 writes a space as `+` and a plus sign as `%2B` in URL-encoded listings. The emulator does not encode those of versions. */
function decoded(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}

async function deleteObjects(s3: S3Client, bucket: string, objects: readonly ObjectIdentifier[]): Promise<void> {
  for (const { Key = '', VersionId } of objects.filter(({ Key = '' }) => !isXmlText(Key))) {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
  }
  const others = objects.filter(({ Key = '' }) => isXmlText(Key));
  for (let start = 0; start < others.length; start += 1_000) {
    const Objects = others.slice(start, start + 1_000);
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined) throw new Error(`cannot delete ${first.Key ?? ''} in ${bucket}: ${first.Code ?? ''}`);
  }
}
