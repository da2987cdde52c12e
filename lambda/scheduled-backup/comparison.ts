import { objectTags, sha256OfObject, type S3Access } from './adapters/s3-objects';
import type { Checksum } from './manifest';
import type { ObjectHead, ObjectRef } from './objects';

/** One version of an object, with S3's HEAD answer for it. */
export interface ObjectVersion {
  readonly ref: ObjectRef;
  readonly head: ObjectHead;
}

/**
 * Returns a checksum that two objects share, or undefined if their bytes differ.
 *
 * S3's own checksums decide if both objects have one of the same algorithm over the whole object. Otherwise equal ETags prove equal
 * bytes. Unequal ETags prove nothing, since they depend on parts and encryption keys: both objects are read then.
 */
export async function sharedChecksum(
  s3: S3Access,
  one: ObjectVersion,
  other: ObjectVersion,
): Promise<Checksum | undefined> {
  if (one.head.size !== other.head.size) return undefined;
  for (const checksum of one.head.checksums) {
    const match = other.head.checksums.find(({ algorithm }) => algorithm === checksum.algorithm);
    if (match !== undefined) return match.value === checksum.value ? checksum : undefined;
  }
  if (one.head.etag === other.head.etag) return { algorithm: 'ETAG', value: one.head.etag };
  const [value, otherValue] = await Promise.all([sha256OfObject(s3, one.ref), sha256OfObject(s3, other.ref)]);
  return value === otherValue ? { algorithm: 'READ-SHA256', value } : undefined;
}

/** Returns whether an object still has the checksum that was recorded. */
export async function hasChecksum(s3: S3Access, { ref, head }: ObjectVersion, recorded: Checksum): Promise<boolean> {
  if (recorded.algorithm === 'ETAG') return head.etag === recorded.value;
  const kept = head.checksums.find(({ algorithm }) => algorithm === recorded.algorithm);
  if (kept !== undefined) return kept.value === recorded.value;
  if (recorded.algorithm !== 'READ-SHA256') return false;
  return (await sha256OfObject(s3, ref)) === recorded.value;
}

/**
 * Returns a checksum that two objects share if they are equal in everything that a copy keeps: bytes, headers, metadata and tags.
 * Otherwise returns undefined.
 */
export async function sharedChecksumOfSameObject(
  s3: S3Access,
  one: ObjectVersion,
  other: ObjectVersion,
): Promise<Checksum | undefined> {
  if (comparableHead(one.head) !== comparableHead(other.head)) return undefined;
  const [tags, otherTags] = await Promise.all([objectTags(s3, one.ref), objectTags(s3, other.ref)]);
  if (sortedEntries(tags) !== sortedEntries(otherTags)) return undefined;
  return sharedChecksum(s3, one, other);
}

function comparableHead({ size, headers, metadata }: ObjectHead): string {
  return JSON.stringify([size, sortedEntries(headers), sortedEntries(metadata)]);
}

function sortedEntries(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
