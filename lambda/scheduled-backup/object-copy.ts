import {
  copyObject,
  copyObjectInParts,
  headObject,
  objectTags,
  type CopyTarget,
  type S3Access,
} from './adapters/s3-objects';
import { sharedChecksum } from './comparison';
import { StorageFailedError, UnreadableMetadataError } from './errors';
import type { Checksum } from './manifest';
import { atVersion, limits, partBytes, type ObjectHead, type ObjectRef } from './objects';

export interface VerifiedCopy {
  readonly copyVersion: string;
  readonly checksum: Checksum;
}

/**
 * Copies exactly the version that HEAD answered for, and compares the copy with it.
 *
 * @param thresholdBytes size above which an object is copied in parts
 * @throws StorageFailedError if the copy differs from its source
 * @throws UnreadableMetadataError if it has to be copied in parts, and not all of its metadata can be read
 */
export async function copyAndVerify(
  s3: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  target: CopyTarget,
  thresholdBytes: number,
): Promise<VerifiedCopy> {
  const from = atVersion(source, head);
  const versionId = await copyVersion(s3, from, head, target, thresholdBytes);
  const ref = versionId === undefined ? target.ref : { ...target.ref, versionId };
  const copy = await headObject(s3, ref);
  if (copy === undefined) throw new StorageFailedError('S3 does not find the copy that it has just made');
  const checksum = await sharedChecksum(s3, { ref: from, head }, { ref, head: copy });
  if (checksum === undefined) throw new StorageFailedError('the copy differs from its source');
  return { copyVersion: versionId ?? 'null', checksum };
}

async function copyVersion(
  s3: S3Access,
  from: ObjectRef,
  head: ObjectHead,
  target: CopyTarget,
  thresholdBytes: number,
): Promise<string | undefined> {
  // A copy in one request keeps the metadata that S3 does not return.
  const oneRequest = head.size <= (head.missingMetadata > 0 ? limits.copyBytes : thresholdBytes);
  if (oneRequest) return copyObject(s3, from, head, target);
  if (head.missingMetadata > 0) {
    throw new UnreadableMetadataError(`S3 does not return ${head.missingMetadata} entries of the object's metadata`);
  }
  const parts = { tags: await objectTags(s3, from), bytes: partBytes(head.size, thresholdBytes) };
  return copyObjectInParts(s3, from, head, target, parts);
}
