import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { OrderFailed } from './order-failure';
import type { Payloads } from './read-order';
import { requestLimits } from '../shared/request-limits';

export interface PayloadBucket {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToS3(): S3Client {
  return new S3Client(requestLimits);
}

/** Bounds what a batch holds in memory; a message holds 1 MiB, so this is five times what needs no claim check. */
const maximumPayloadBytes = 5 * 1_024 * 1_024;

/** The payload bucket. Needs `s3:GetObject` and, so that absence is 404 instead of 403, `s3:ListBucket`. */
export function s3Payloads({ client, bucket, signal }: PayloadBucket): Payloads {
  return {
    bucket,
    async read(key) {
      const object = await getObject(client, bucket, key, signal);
      const bytes = object.ContentLength ?? 0;
      if (bytes > maximumPayloadBytes) {
        // Nobody reads on: an open body would hold its connection.
        (object.Body as { destroy?: () => void } | undefined)?.destroy?.();
        throw new OrderFailed('payload-too-large', `${bytes} bytes, ${maximumPayloadBytes} are read`);
      }
      return (await object.Body?.transformToString()) ?? '';
    },
  };
}

async function getObject(client: Pick<S3Client, 'send'>, Bucket: string, Key: string, abortSignal: AbortSignal) {
  try {
    return await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    if (error.name === 'NoSuchKey')
      throw new OrderFailed('payload-missing', 'no object under the key', { cause: error });
    throw new OrderFailed('unexpected', `GetObject: ${error.name}`, { cause: error });
  }
}
