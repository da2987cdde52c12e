import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { claimFile } from './adapters/dynamodb-files';
import { headSource } from './adapters/s3-source';
import { s3Limits } from './adapters/s3-store';
import { fileIdOf, fileOrder } from './file';
import { claimInputSchema, datasetOf } from './s3-event';
import { step } from './step';
import type { Decided } from './step-input';

const settings = readEnvironment(z.object({ FILES_TABLE_NAME: z.string() }), process.env);
const s3 = createS3Client(s3Limits);
const dynamodb = createDynamoDBClient({ maxAttempts: 6 });

type Nothing = { readonly decision: 'nothing'; readonly reason: string };

/** Claims the file of an event, so that of all deliveries of the event one is processed. */
export const handler = step(claimInputSchema, async (input, { signal }): Promise<Decided | Nothing> => {
  const { event, datasets, execution } = input;
  const { bucket, object } = event.detail;
  const dataset = datasetOf(object.key, datasets);
  if (dataset === undefined) return { decision: 'nothing', reason: 'no dataset has this folder' };

  const version = object['version-id'];
  const source = { client: s3, signal, bucket: bucket.name, key: object.key };
  const head = await headSource(version === undefined ? source : { ...source, versionId: version });
  // Not an error: whoever deletes a version for good wants nothing of it.
  if (head === undefined) return { decision: 'nothing', reason: 'the version was deleted before it was claimed' };

  const fileId = fileIdOf(bucket.name, object.key, head.versionId);
  const file = {
    fileId,
    bucket: bucket.name,
    key: object.key,
    versionId: head.versionId,
    bytes: head.bytes,
    order: fileOrder(head.uploadedAt, object.sequencer, fileId),
    uploadedAt: head.uploadedAt.toISOString(),
    dataset,
  };
  const { replaces } = event;
  const claim = await claimFile(
    { client: dynamodb, tableName: settings.FILES_TABLE_NAME },
    { file, execution: execution.id, at: execution.startedAt, ...(replaces === undefined ? {} : { replaces }) },
  );
  logger.info('file claimed', { fileId, dataset: dataset.name, bytes: file.bytes, claimed: claim !== undefined });
  if (claim === undefined) return { decision: 'nothing', reason: `another execution has the file ${fileId}` };
  return { decision: 'inspect', file: { ...file, ...claim }, startedAt: execution.startedAt };
});
