import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';
import type { Upload } from './photo-objects';

type EventName = 'ObjectCreated:Put' | 'ObjectRemoved:Delete' | 'ObjectRemoved:DeleteMarkerCreated';

/** Builds an event as S3 sends it (event version 2.1). */
export function s3Event(
  of: Deployment,
  name: EventName,
  uploads: readonly Upload[],
  time = new Date(),
): { Records: object[] } {
  return {
    Records: uploads.map(({ key, versionId, etag, size }, index) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: process.env['AWS_REGION'] ?? 'us-east-1',
      eventTime: time.toISOString(),
      eventName: name,
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: of.uploadBucket, arn: `arn:aws:s3:::${of.uploadBucket}` },
        object: {
          key: encodeKey(key),
          versionId,
          sequencer: (Date.now() * 1000 + index).toString(16).toUpperCase().padStart(18, '0'),
          ...(name === 'ObjectCreated:Put' ? { size, eTag: etag.replaceAll('"', '') } : {}),
        },
      },
    })),
  };
}

/** Event that S3 sends when a bucket's notifications are configured. */
export function testEvent({ uploadBucket }: Deployment): object {
  return { Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date().toISOString(), Bucket: uploadBucket };
}

/** Invokes the function synchronously; returns the error's text if it failed. */
export async function invoke({ lambda, functionName }: Deployment, event: object): Promise<string | undefined> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  return FunctionError === undefined ? undefined : `${FunctionError}: ${Buffer.from(Payload ?? []).toString('utf8')}`;
}

/** Encodes a key as S3 does in events: form encoding, in which a space is `+` and a slash stays. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
