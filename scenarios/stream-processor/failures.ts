import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { readFailedBatch, type FailedBatch } from '../../operations/stream-processor/failed-batch';
import type { Deployment } from './deployment';

export interface FailedEntry {
  readonly condition: string;
  /** Data of a record of Kinesis, or a change of the table as JSON. */
  readonly data: string;
  readonly batch: FailedBatch;
}

/** Reads the records in Failures whose content has a text. */
export async function readFailures({ s3, failuresBucket }: Deployment, text: string): Promise<FailedEntry[]> {
  const found: FailedEntry[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: failuresBucket })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: failuresBucket, Key }));
      const batch = readFailedBatch(Key, (await Body?.transformToString()) ?? '');
      for (const { event } of batch?.records ?? []) {
        const data = dataOf(event);
        if (batch !== undefined && data.includes(text)) found.push({ condition: batch.condition, data, batch });
      }
    }
  }
  return found;
}

/** Deletes the objects of records whose content has a text, at the end of a check. */
export async function removeFailures(deployment: Deployment, text: string): Promise<void> {
  const { s3, failuresBucket: Bucket } = deployment;
  const keys = new Set((await readFailures(deployment, text)).map(({ batch }) => batch.objectKey));
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

function dataOf(event: unknown): string {
  const { kinesis } = event as { kinesis?: { data: string } };
  return kinesis === undefined ? JSON.stringify(event) : Buffer.from(kinesis.data, 'base64').toString();
}
