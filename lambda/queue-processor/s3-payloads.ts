import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { OrderFailedError } from './order-failure';

export interface PayloadBucket {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucketName: string;
  readonly signal: AbortSignal;
}

/** Bounds what a batch holds in memory; a message holds 1 MiB, so this is five times what needs no claim check. */
const maximumPayloadBytes = 5 * 1_024 * 1_024;

/**
 * Returns the text of an object. Needs `s3:GetObject` and, so that absence is 404 instead of 403, `s3:ListBucket`.
 *
 * @throws OrderFailedError `payload-missing`, `payload-too-large` or `unexpected`
 */
export async function readPayload(payloads: PayloadBucket, key: string): Promise<string> {
  const object = await getObject(payloads, key);
  const bytes = object.ContentLength ?? 0;
  if (bytes > maximumPayloadBytes) {
    // The body is not read: left open, it would hold its connection.
    (object.Body as { destroy?: () => void } | undefined)?.destroy?.();
    throw new OrderFailedError('payload-too-large', `${bytes} bytes, the limit is ${maximumPayloadBytes}`);
  }
  return (await object.Body?.transformToString()) ?? '';
}

async function getObject({ client, bucketName, signal }: PayloadBucket, Key: string) {
  try {
    return await client.send(new GetObjectCommand({ Bucket: bucketName, Key }), { abortSignal: signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    if (error.name === 'NoSuchKey')
      throw new OrderFailedError('payload-missing', 'no object under the key', { cause: error });
    throw new OrderFailedError('unexpected', `GetObject: ${error.name}`, { cause: error });
  }
}
