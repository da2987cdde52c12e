import type { ReconcileResult } from './reconcile';
import type { PhotoRef } from './s3-event';

/** Thrown for a photo that an event reports and S3 does not have, so that Lambda delivers the event again. */
export class PhotoNotFoundError extends Error {
  override readonly name = 'PhotoNotFoundError';

  constructor() {
    super('S3 has neither the photo nor a delete marker: the event is retried, then waits in the NotFound queue');
  }
}

/**
 * Returns whether S3 contradicts the event: a photo was written, and there is neither a version nor a delete marker.
 *
 * That is so for up to 15 minutes after versioning was turned on, and where somebody deleted all versions since.
 */
export function isUnexplained(photo: Pick<PhotoRef, 'isDeletion'>, result: ReconcileResult): boolean {
  return 'state' in result && result.state === 'absent' && !photo.isDeletion;
}

/**
 * Returns whether Lambda will deliver an event of this time again, by its age: it waits one minute before the first retry
 * and two before the second, and does not say which attempt this is.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @param retrySeconds age from which an attempt may be the last one
 */
export function isRetried(time: Date | undefined, now: Date, retrySeconds: number): boolean {
  return time === undefined || now.getTime() - time.getTime() < retrySeconds * 1_000;
}
