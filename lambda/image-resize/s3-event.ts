import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { decodeObjectKey } from './object-keys';

/**
 * A photo that an event names. Nothing else in an event is trusted, since events arrive late, twice and out of order: the
 * rest decides only what becomes of a photo that S3 does not have.
 */
export interface PhotoRef {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  /** The event reports a deletion: of a version for good, or by a delete marker, which may have been deleted since. */
  readonly isDeletion: boolean;
  /** Time of the change, or undefined if the event has none. */
  readonly time: Date | undefined;
  /** The record as it came. */
  readonly record: unknown;
}

/** Thrown for input that is not an S3 event of this function's photos; after its retries it is in the failures queue. */
export class UnusableEvent extends Error {
  override readonly name = 'UnusableEvent';
}

/** Sent by S3 when a notification is configured. */
const testEventSchema = z.object({ Event: z.literal('s3:TestEvent') });

const eventSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:s3'),
      eventName: z.optional(z.string()),
      eventTime: z.optional(z.string()),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
    }),
  ),
});

/** Bucket and prefix of the output, which must never be taken for photos. */
export interface BucketScope {
  /** @default the bucket of the event */
  readonly outputBucket?: string;
  readonly outputPrefix: string;
}

/**
 * Returns the distinct photos that an S3 notification names, in its order; `s3:TestEvent` names none.
 *
 * @throws UnusableEvent for anything that is not an S3 notification, and for keys of this function's own output
 */
export function parseS3Event(event: unknown, scope: BucketScope): PhotoRef[] {
  if (testEventSchema.safeParse(event).success) return [];
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const where = invalidPaths(parsed.error, 'event').join(', ');
    throw new UnusableEvent(`not an S3 notification (invalid at ${where}): invoke this function by S3 events only`);
  }
  const photos = new Map<string, PhotoRef>();
  const raw = (event as { Records: unknown[] }).Records;
  for (const [index, { s3, eventName = '', eventTime = '' }] of parsed.data.Records.entries()) {
    const photo = { bucket: s3.bucket.name, key: decodeKey(s3.object.key) };
    refuseOwnOutput(photo, scope);
    const id = JSON.stringify([photo.bucket, photo.key]);
    const time = new Date(eventTime);
    photos.set(id, {
      ...photo,
      isDeletion: deletion.test(eventName) || photos.get(id)?.isDeletion === true,
      time: Number.isNaN(time.getTime()) ? undefined : time,
      record: raw[index],
    });
  }
  return [...photos.values()];
}

/** By a person or by a lifecycle rule. */
const deletion = /^(s3:)?(ObjectRemoved|LifecycleExpiration):/;

function decodeKey(key: string): string {
  try {
    return decodeObjectKey(key);
  } catch {
    throw new UnusableEvent(
      `object key ${JSON.stringify(key)} is not URL-encoded: pass the key as S3 notifications do`,
    );
  }
}

/** A second guard behind the one at synthesis: a function that resizes its own output never stops. */
function refuseOwnOutput(
  { bucket, key }: Pick<PhotoRef, 'bucket' | 'key'>,
  { outputBucket, outputPrefix }: BucketScope,
): void {
  if (bucket === (outputBucket ?? bucket) && key.startsWith(outputPrefix)) {
    throw new UnusableEvent(
      `${JSON.stringify(key)} in bucket ${bucket} is this function's own output: notify it of uploads only`,
    );
  }
}
