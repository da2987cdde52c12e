import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import type { FakeS3 } from './fake-s3';

export type Handler = (event: unknown, context: Context) => Promise<object>;

const environment = {
  AWS_REGION: 'us-east-1',
  SOURCE_BUCKET_NAME: 'source',
  BACKUP_BUCKET_NAME: 'backup',
  JOURNAL_BUCKET_NAME: 'journal',
  TIME_ZONE: 'UTC',
  RETENTION_DAYS: '35',
  OBJECTS_AT_ONCE: '1',
  PART_ENTRIES: '10',
  MULTIPART_THRESHOLD_BYTES: '1000000',
  POWERTOOLS_SERVICE_NAME: 'scheduled-backup',
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
};

/** Loads a handler after setting the environment, which it reads when it is loaded. */
export function loadHandler(file: string, more: Readonly<Record<string, string>> = {}): Handler {
  Object.assign(process.env, environment, more);
  return jest.requireActual<{ handler: Handler }>(`../../../lambda/scheduled-backup/${file}`).handler;
}

/** Lets every S3Client answer from the fake, until mocks are restored. */
export function useFakeS3(s3: FakeS3): void {
  jest.spyOn(S3Client.prototype, 'send').mockImplementation(s3.client.send as never);
}

export function contextWith(getRemainingTimeInMillis: () => number): Context {
  return { getRemainingTimeInMillis, awsRequestId: 'r' } as unknown as Context;
}
