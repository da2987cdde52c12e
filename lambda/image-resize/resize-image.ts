import { join } from 'node:path';
import { Deadline } from '../shared/deadline';
import { countExpectedErrors } from '../shared/expected-errors';
import { flushMetrics, logger } from '../shared/observability';
import { raceAbort } from '../shared/race-abort';
import { createS3Client } from '../shared/s3-client';
import { createSQSClient } from '../shared/sqs-client';
import { isRetried, isUnexplained, PhotoNotFoundError } from './not-found';
import { isTooLong, outputKeys } from './object-keys';
import { logFailure, logResult, type PhotoResult } from './photo-log';
import { reconcile } from './reconcile';
import { PhotoRenderer } from './renditions';
import { parseS3Event, type PhotoRef } from './s3-event';
import { S3OutputStore } from './s3-outputs';
import { S3PhotoStore } from './s3-photos';
import { readSettings } from './settings';
import { setAside } from './sqs-not-found';
import { hashConfig } from './variants';

const settings = readSettings(process.env, join(__dirname, 'assets'));
const configHash = hashConfig(settings.render.variants, settings.render.watermarks);
// 50 MB take about a second from S3 to a function.
const client = createS3Client({ maxAttempts: 4, requestTimeout: 10_000, socketTimeout: 5_000 });
const sqs = createSQSClient();

/** Milliseconds kept free at the end of an invocation for log lines, metrics and the error's response. */
const reserveMilliseconds = 1_500;

/** Thrown when photos of an event failed, so that Lambda delivers the event again. */
class PhotosFailed extends AggregateError {
  override readonly name = 'PhotosFailed';
}

/** Whether S3 did not have a photo yet: Lambda delivers the event again, and the last attempt sets it aside. */
const isNotFound = (error: unknown): boolean =>
  error instanceof PhotosFailed && error.errors.every((failure) => failure instanceof PhotoNotFoundError);

/**
 * Makes the output of every photo that an S3 notification names match the photo's current version.
 *
 * One photo after the other, since one takes most of the memory. A photo that fails stops no other; the event fails at
 * the end, and its retry finds the others unchanged.
 */
export const handler = countExpectedErrors(isNotFound, async (event, context): Promise<void> => {
  logger.addContext(context);
  const deadline = new Deadline(() => context.getRemainingTimeInMillis());
  const signal = deadline.signalBefore(reserveMilliseconds);
  const failures: unknown[] = [];
  try {
    const photos = parseS3Event(event, settings.scope);
    for (const photo of photos) {
      const started = Date.now();
      try {
        const result = await raceAbort(signal, () => resizePhoto(photo, deadline, signal));
        logResult(photo.key, result, Date.now() - started);
      } catch (error) {
        failures.push(error);
        logFailure(photo.key, error, Date.now() - started);
      }
    }
    if (failures.length > 0) {
      const reasons = [...new Set(failures.map(String))].join('; ');
      throw new PhotosFailed(failures, `${failures.length} of ${photos.length} photos failed: ${reasons}`);
    }
  } finally {
    flushMetrics();
  }
});

async function resizePhoto(photo: PhotoRef, deadline: Deadline, signal: AbortSignal): Promise<PhotoResult> {
  const { scope, render, cacheControl, notFoundQueueUrl: queueUrl, notFoundRetrySeconds } = settings;
  const { bucket, key } = photo;
  const keys = outputKeys(scope.outputPrefix, key, render.variants);
  if (isTooLong(keys)) return { outcome: 'key-too-long' };
  const result = await reconcile(key, keys, {
    photos: new S3PhotoStore({ client, bucket, signal }),
    outputs: new S3OutputStore({ client, bucket: scope.outputBucket ?? bucket, signal }, cacheControl),
    renderer: new PhotoRenderer(render, configHash, deadline),
    signal,
  });
  if (!isUnexplained(photo, result)) return result;
  if (isRetried(photo.time, new Date(), notFoundRetrySeconds)) throw new PhotoNotFoundError();
  await setAside({ client: sqs, queueUrl, signal }, photo.record, new Date());
  return { outcome: 'not-found' };
}
