import { sharedChecksum } from './comparison';
import { StorageFailed } from './failures';
import type { Checksum } from './manifest';
import { partBytes, type Head, type Objects, type Place } from './objects';

export interface Copied {
  readonly copyVersion: string;
  readonly checksum: Checksum;
}

/**
 * Copies exactly the version that was looked at, and compares the copy with it.
 *
 * @param thresholdBytes above it an object is copied in parts
 * @throws StorageFailed where the copy is not what was copied
 */
export async function copyChecked(
  objects: Objects,
  from: Place,
  head: Head,
  to: Place,
  thresholdBytes: number,
): Promise<Copied> {
  const pinned = pin(from, head);
  const versionId =
    head.size > thresholdBytes
      ? await objects.copyInParts(pinned, head, await objects.tags(pinned), to, partBytes(head.size, thresholdBytes))
      : await objects.copy(pinned, head, to);
  const place = versionId === undefined ? to : { ...to, versionId };
  const copy = await objects.head(place);
  if (copy === undefined) throw new StorageFailed('the copy is gone as soon as it was made: it is tried again');
  const checksum = await sharedChecksum(objects, { place: pinned, head }, { place, head: copy });
  if (checksum === undefined) throw new StorageFailed('the copy has another checksum than its source');
  return { copyVersion: versionId ?? 'null', checksum };
}

/** The place with the version that was seen there, so that whatever comes later is not meant. */
export function pin(place: Place, head: Head): Place {
  return head.versionId === undefined ? place : { ...place, versionId: head.versionId };
}
