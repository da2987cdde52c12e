import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { join } from 'node:path';
import { settle } from './convergence';
import { Deadline } from './deadline';
import { outputKeys, tooLong } from './object-keys';
import { settleAll } from './photo-batch';
import { PhotoRecorder } from './photo-recorder';
import { printer } from './prints';
import { recipeOf } from './recipe';
import { touchedPhotos, type TouchedPhoto } from './s3-event';
import { connectToS3, s3Outputs, s3Photos } from './s3-storage';
import { readSettings } from './settings';

const settings = readSettings(process.env, join(__dirname, 'assets'));
const recipe = recipeOf(settings.pictures.variants, settings.pictures.watermarks);
const logger = new Logger();
const metrics = new Metrics();
const client = connectToS3();

/** Brings the output of every photo that an S3 notification names to the photo's current version. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const recorder = new PhotoRecorder(logger, metrics);
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  try {
    const photos = touchedPhotos(event, settings.territory);
    await settleAll(
      photos,
      (photo) => settlePhoto(photo, deadline),
      (photo) => recorder.record(photo),
      Date.now,
    );
  } finally {
    deadline.clear();
    recorder.flush();
  }
};

async function settlePhoto({ bucket, key }: TouchedPhoto, deadline: Deadline) {
  const { territory, pictures, cacheControl } = settings;
  const { signal } = deadline;
  const keys = outputKeys(territory.outputPrefix, key, pictures.variants);
  if (tooLong(keys)) return { outcome: 'key-too-long' } as const;
  return deadline.orStop(() =>
    settle(keys, key, {
      photos: s3Photos({ client, bucket, signal }),
      outputs: s3Outputs({ client, bucket: territory.outputBucket ?? bucket, signal }, cacheControl),
      recipe,
      makePrints: printer(pictures, recipe, () => deadline.remainingMilliseconds),
      beforeRound: () => signal.throwIfAborted(),
    }),
  );
}
