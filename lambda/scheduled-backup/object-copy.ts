import { copyObject, copyObjectInParts, headObject, objectTags, type S3Access } from './adapters/s3-objects';
import { sharedChecksum } from './comparison';
import { StorageFailedError } from './errors';
import type { Checksum } from './manifest';
import { atVersion, partBytes, type ObjectHead, type ObjectRef } from './objects';

export interface VerifiedCopy {
  readonly copyVersion: string;
  readonly checksum: Checksum;
}

/**
 * Copies exactly the version that HEAD answered for, and compares the copy with it.
 *
 * @param thresholdBytes size above which an object is copied in parts
 * @throws StorageFailedError if the copy differs from its source
 */
export async function copyAndVerify(
  s3: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  target: ObjectRef,
  thresholdBytes: number,
): Promise<VerifiedCopy> {
  const from = atVersion(source, head);
  const versionId =
    head.size > thresholdBytes
      ? await copyObjectInParts(s3, from, target, {
          head,
          tags: await objectTags(s3, from),
          partBytes: partBytes(head.size, thresholdBytes),
        })
      : await copyObject(s3, from, target, head);
  const ref = versionId === undefined ? target : { ...target, versionId };
  const copy = await headObject(s3, ref);
  if (copy === undefined) throw new StorageFailedError('S3 does not find the copy that it has just made');
  const checksum = await sharedChecksum(s3, { ref: from, head }, { ref, head: copy });
  if (checksum === undefined) throw new StorageFailedError('the copy differs from its source');
  return { copyVersion: versionId ?? 'null', checksum };
}
