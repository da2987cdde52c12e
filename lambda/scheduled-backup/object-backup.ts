import { headObject, type S3Access } from './adapters/s3-objects';
import { hasChecksum, sharedChecksumOfSameObject } from './comparison';
import { copyKey, fitsUnderDay, type CopiedEntry, type Entry } from './manifest';
import { copyAndVerify, type VerifiedCopy } from './object-copy';
import { atVersion, readableClass, type ObjectHead, type ObjectRef } from './objects';
import { checkCopy } from './verification';

export interface BackupTarget {
  readonly s3: S3Access;
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly multipartThresholdBytes: number;
}

export interface SourceKey {
  readonly day: string;
  readonly key: string;
  /** Size in the listing. */
  readonly size: number;
}

/** Attempts at copying the newest version, if the version that HEAD answered for is replaced or deleted before it is copied. */
const versionAttempts = 5;

/**
 * Copies the newest version of an object, unless it is skipped.
 *
 * @param mayExist an earlier attempt may have made the copy: it is kept if it equals its source
 */
export async function copyNewestVersion(
  { day, key, size }: SourceKey,
  mayExist: boolean,
  target: BackupTarget,
): Promise<Entry> {
  const { s3, sourceBucket, backupBucket, multipartThresholdBytes } = target;
  if (!fitsUnderDay(day, key)) return { status: 'skipped', key, size, reason: 'key-too-long' };
  const source: ObjectRef = { bucket: sourceBucket, key };
  const copyRef: ObjectRef = { bucket: backupBucket, key: copyKey(day, key) };
  for (let attempt = 1; ; attempt++) {
    const head = await headObject(s3, source);
    if (head === undefined) {
      const actual = await findKeyWithCarriageReturns(s3, source);
      if (actual !== undefined) return copyNewestVersion({ day, key: actual, size }, mayExist, target);
      return { status: 'skipped', key, size, reason: 'deleted' };
    }
    if (head.archived) return { status: 'skipped', key, size: head.size, reason: 'archived' };
    try {
      const existing = mayExist ? await findCopy(s3, atVersion(source, head), head, copyRef) : undefined;
      const to = { ref: copyRef, storageClass: readableClass(head.storageClass) };
      const copy = existing ?? (await copyAndVerify(s3, source, head, to, multipartThresholdBytes));
      return entryOf(key, head, copy);
    } catch (error) {
      if (isArchived(error)) return { status: 'skipped', key, size: head.size, reason: 'archived' };
      if (!isSourceChanged(error) || attempt === versionAttempts) throw error;
    }
  }
}

/**
 * Finds an object whose key has CR where the listed one has LF: a parser of XML reads one as the other, and whether Step Functions asks
 * for URL-encoded keys is not documented.
 */
async function findKeyWithCarriageReturns(s3: S3Access, { bucket, key }: ObjectRef): Promise<string | undefined> {
  if (!key.includes('\n')) return undefined;
  for (const lineEnd of ['\r', '\r\n']) {
    const candidate = key.replaceAll('\n', lineEnd);
    if ((await headObject(s3, { bucket, key: candidate })) !== undefined) return candidate;
  }
  return undefined;
}

/** Returns whether S3 refuses to copy the object because it is in an archive, which HEAD does not always tell. */
function isArchived(error: unknown): boolean {
  return error instanceof Error && ['InvalidObjectState', 'ObjectNotInActiveTierError'].includes(error.name);
}

/** Returns whether the source was overwritten or deleted between HEAD and the copy. */
function isSourceChanged(error: unknown): boolean {
  return error instanceof Error && ['PreconditionFailed', 'NoSuchVersion', 'NoSuchKey'].includes(error.name);
}

async function findCopy(
  s3: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  target: ObjectRef,
): Promise<VerifiedCopy | undefined> {
  const copyHead = await headObject(s3, target);
  if (copyHead === undefined) return undefined;
  const copy = { ref: atVersion(target, copyHead), head: copyHead };
  const checksum = await sharedChecksumOfSameObject(s3, { ref: source, head }, copy);
  return checksum === undefined ? undefined : { copyVersion: copyHead.versionId ?? 'null', checksum };
}

function entryOf(key: string, head: ObjectHead, { copyVersion, checksum }: VerifiedCopy): CopiedEntry {
  const { versionId = 'null', size, etag, storageClass } = head;
  return { status: 'copied', key, version: versionId, copyVersion, size, etag, checksum, storageClass };
}

/**
 * Repairs a copy that does not match its entry: from the recorded version of the copy, else from the recorded version of the source,
 * else from the newest version of the source. A copy of which only the recorded version is gone is recorded with its current one. If
 * nothing can repair the copy, the entry stays, and the verification reports it.
 */
export async function repairCopy(day: string, entry: CopiedEntry, target: BackupTarget): Promise<CopiedEntry> {
  const { s3, sourceBucket, backupBucket, multipartThresholdBytes } = target;
  const check = await checkCopy(s3, backupBucket, day, entry);
  if (check.matches) return entry;
  if (check.reason === 'other-version') return { ...entry, copyVersion: check.intact?.versionId ?? 'null' };
  const copyRef = { bucket: backupBucket, key: copyKey(day, entry.key) };
  const intact =
    check.intact === undefined
      ? await findRecordedSource(s3, sourceBucket, entry)
      : { ref: copyRef, head: check.intact };
  if (intact !== undefined) {
    const to = { ref: copyRef, storageClass: readableClass(intact.head.storageClass) };
    const copy = await copyAndVerify(s3, intact.ref, intact.head, to, multipartThresholdBytes);
    return { ...entry, ...copy };
  }
  const newest = await copyNewestVersion({ day, ...entry }, false, target);
  return newest.status === 'copied' ? newest : entry;
}

/** Finds the version of the source that was copied, unless it was removed or the bucket has no versions. */
async function findRecordedSource(s3: S3Access, bucket: string, entry: CopiedEntry) {
  if (entry.version === 'null') return undefined;
  const ref = { bucket, key: entry.key };
  const versionRef = { ...ref, versionId: entry.version };
  const head = await headObject(s3, versionRef);
  if (head === undefined || head.archived || head.size !== entry.size) return undefined;
  return (await hasChecksum(s3, { ref: versionRef, head }, entry.checksum)) ? { ref, head } : undefined;
}
