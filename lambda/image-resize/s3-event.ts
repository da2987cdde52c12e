import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { decodeObjectKey } from './object-keys';

/** A photo that an event names. Nothing else in an event is trusted: events arrive late, twice and out of order. */
export interface PhotoRef {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
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
  for (const { s3 } of parsed.data.Records) {
    const photo = { bucket: s3.bucket.name, key: decodeKey(s3.object.key) };
    refuseOwnOutput(photo, scope);
    photos.set(JSON.stringify([photo.bucket, photo.key]), photo);
  }
  return [...photos.values()];
}

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
function refuseOwnOutput({ bucket, key }: PhotoRef, { outputBucket, outputPrefix }: BucketScope): void {
  if (bucket === (outputBucket ?? bucket) && key.startsWith(outputPrefix)) {
    throw new UnusableEvent(
      `${JSON.stringify(key)} in bucket ${bucket} is this function's own output: notify it of uploads only`,
    );
  }
}
