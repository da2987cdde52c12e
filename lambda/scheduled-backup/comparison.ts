import type { Checksum } from './manifest';
import type { Head, Objects, Place } from './objects';

type Reader = Pick<Objects, 'readSha256'>;

/** A version of an object where it lies. */
export interface Seen {
  readonly place: Place;
  readonly head: Head;
}

/**
 * The checksum that two objects share, or undefined where their bytes differ.
 *
 * S3's own checksums decide where both have one over the whole object; equal ETags settle the rest, unequal ones settle
 * nothing (parts and keys change them), and then both are read.
 */
export async function sharedChecksum(objects: Reader, one: Seen, other: Seen): Promise<Checksum | undefined> {
  if (one.head.size !== other.head.size) return undefined;
  for (const checksum of one.head.checksums) {
    const match = other.head.checksums.find(({ algorithm }) => algorithm === checksum.algorithm);
    if (match !== undefined) return match.value === checksum.value ? checksum : undefined;
  }
  if (one.head.etag === other.head.etag) return { algorithm: 'ETAG', value: one.head.etag };
  const [value, otherValue] = await Promise.all([objects.readSha256(one.place), objects.readSha256(other.place)]);
  return value === otherValue ? { algorithm: 'READ-SHA256', value } : undefined;
}

/** Whether an object still has the checksum that was recorded of it. */
export async function hasChecksum(objects: Reader, { place, head }: Seen, recorded: Checksum): Promise<boolean> {
  if (recorded.algorithm === 'ETAG') return head.etag === recorded.value;
  const kept = head.checksums.find(({ algorithm }) => algorithm === recorded.algorithm);
  if (kept !== undefined) return kept.value === recorded.value;
  if (recorded.algorithm !== 'READ-SHA256') return false;
  return (await objects.readSha256(place)) === recorded.value;
}

/** Whether one is a copy of the other in everything that a copy keeps: bytes, headers, metadata and tags. */
export async function isSame(objects: Objects, one: Seen, other: Seen): Promise<boolean> {
  if (print(one.head) !== print(other.head)) return false;
  const [tags, otherTags] = await Promise.all([objects.tags(one.place), objects.tags(other.place)]);
  if (sorted(tags) !== sorted(otherTags)) return false;
  return (await sharedChecksum(objects, one, other)) !== undefined;
}

function print({ size, headers, metadata }: Head): string {
  return JSON.stringify([size, sorted(headers), sorted(metadata)]);
}

function sorted(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
