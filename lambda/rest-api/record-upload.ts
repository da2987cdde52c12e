import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { recordArrival } from './adapters/dynamodb-uploads';
import { deleteContent } from './adapters/s3-content';
import { ownerOf } from './document';

/** Content that no document of this API promised: somebody else writes to the bucket. */
export class UnexpectedUploadError extends Error {
  override readonly name = 'UnexpectedUploadError';
}

const settings = readEnvironment(z.object({ DOCUMENTS_TABLE_NAME: z.string() }), process.env);
const table = { client: createDynamoDBClient(), tableName: settings.DOCUMENTS_TABLE_NAME, now: () => new Date() };
const client = createS3Client();

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), size: z.number(), versionId: z.string() }),
      }),
    }),
  ),
});

/**
 * Makes documents available whose content has arrived. Content of a document that was deleted meanwhile is deleted too.
 *
 * @throws UnexpectedUploadError
 */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  if (typeof event === 'object' && event !== null && 'Event' in event) return; // s3:TestEvent
  const { Records } = eventSchema.parse(event);
  for (const { s3 } of Records) {
    const { key, size, versionId } = s3.object;
    const id = ownerOf(decodeURIComponent(key.replaceAll('+', ' ')));
    if (id === undefined) throw new UnexpectedUploadError('the key is not that of a document');
    const outcome = await recordArrival(table, { ...id, bytes: size, versionId });
    logger.info('upload recorded', { documentId: id.id, outcome });
    if (outcome === 'other-size') throw new UnexpectedUploadError('the size is not the promised one');
    if (outcome === 'no-document') await deleteContent({ client, bucketName: s3.bucket.name }, id);
  }
};
