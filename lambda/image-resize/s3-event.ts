import * as z from 'zod/mini';
import { decodeObjectKey } from './object-keys';

/** A photo that something happened to: nothing else of an event is believed, since events come late, twice and out of order. */
export interface TouchedPhoto {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
}

/** Thrown for input that no retry can turn into an S3 event; it ends in the failures queue, where a person sees it. */
export class UnusableEvent extends Error {
  override readonly name = 'UnusableEvent';
}

/** Sent once by S3 when a notification is configured. */
const testEventSchema = z.object({ Event: z.literal('s3:TestEvent') });

const eventSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:s3'),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
    }),
  ),
});

/** Where photos may come from, and where their output goes. */
export interface Territory {
  /** Any bucket that the role may read, if absent. */
  readonly uploadBucket?: string;
  readonly outputBucket?: string;
  readonly outputPrefix: string;
}

/**
 * Lists the distinct photos that an S3 notification names, in its order; `s3:TestEvent` names none.
 *
 * Throws `UnusableEvent` for anything that is no S3 notification, and for keys that are not photos of this function.
 */
export function touchedPhotos(event: unknown, territory: Territory): TouchedPhoto[] {
  if (testEventSchema.safeParse(event).success) return [];
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'the event itself').join(', ');
    throw new UnusableEvent(`not an S3 notification (wrong at ${where}): invoke this function by S3 events only`);
  }
  const photos = new Map<string, TouchedPhoto>();
  for (const { s3 } of parsed.data.Records) {
    const photo = { bucket: s3.bucket.name, key: decoded(s3.object.key) };
    refuseForeign(photo, territory);
    photos.set(JSON.stringify([photo.bucket, photo.key]), photo);
  }
  return [...photos.values()];
}

function decoded(key: string): string {
  try {
    return decodeObjectKey(key);
  } catch {
    throw new UnusableEvent(
      `object key ${JSON.stringify(key)} is not URL-encoded: pass the key as S3 notifications do`,
    );
  }
}

function refuseForeign({ bucket, key }: TouchedPhoto, { uploadBucket, outputBucket, outputPrefix }: Territory): void {
  if (uploadBucket !== undefined && bucket !== uploadBucket) {
    throw new UnusableEvent(`event of bucket ${bucket}, expected ${uploadBucket}: remove that bucket's notification`);
  }
  // A second guard behind the one at synthesis: a function that resizes its own output never stops.
  if (bucket === (outputBucket ?? bucket) && key.startsWith(outputPrefix)) {
    throw new UnusableEvent(
      `${JSON.stringify(key)} in bucket ${bucket} is this function's own output: notify it of uploads only`,
    );
  }
}
