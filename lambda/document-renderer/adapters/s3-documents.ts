import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { RenderedPage } from '../browser/print-page';
import { RenderBusyError, RenderRefusedError } from '../render-errors';
import type { Document } from '../render';

export interface Buckets {
  readonly client: Pick<S3Client, 'send'>;
  readonly inputBucketName: string;
  readonly documentsBucketName: string;
  readonly signal: AbortSignal;
}

/** Prefix of the documents in their bucket. */
export const documentPrefix = 'documents/';

/**
 * Reads the text of an input object.
 *
 * @throws RenderRefusedError `data-missing`, `data-too-large`
 */
export async function readInput(buckets: Buckets, key: string, maximumBytes: number): Promise<string> {
  const { client, inputBucketName: Bucket, signal } = buckets;
  try {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket, Key: key }), {
      abortSignal: signal,
    });
    if (ContentLength > maximumBytes) {
      // Unread, the body would keep its socket.
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      throw new RenderRefusedError('data-too-large', `${ContentLength} bytes, at most ${maximumBytes} are read`);
    }
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') {
      throw new RenderRefusedError('data-missing', 'the input bucket has no object with the key of the request');
    }
    throw error;
  }
}

/** Reads the text of an object that is known to be there. */
export async function readText(client: Pick<S3Client, 'send'>, Bucket: string, Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

/**
 * Stores a document under its hash, unless an earlier attempt has: each document has one version, whoever rendered it. One of an
 * earlier day is stored again: it would expire before what is recorded of it now.
 *
 * @throws RenderBusyError if another attempt stores it at this moment
 */
export async function storeDocument(
  buckets: Buckets,
  hash: string,
  page: RenderedPage,
  pages: number,
): Promise<Document> {
  const [pdf, thumbnail] = await Promise.all([
    putOnce(buckets, `${documentPrefix}${hash}.pdf`, page.pdf, 'application/pdf', { pages: String(pages) }),
    putOnce(buckets, `${documentPrefix}${hash}.png`, page.thumbnail, 'image/png', {}),
  ]);
  return { bucket: buckets.documentsBucketName, ...pdf, pages, bytes: page.pdf.length, thumbnail };
}

interface StoredObject {
  readonly key: string;
  readonly version: string;
}

/** Age up to which a stored object counts as the new one, in milliseconds: what is recorded is kept a day less than objects. */
const longestReuse = 86_400_000;

async function putOnce(
  { client, documentsBucketName: Bucket, signal }: Buckets,
  Key: string,
  Body: Uint8Array,
  ContentType: string,
  Metadata: Record<string, string>,
): Promise<StoredObject> {
  const put = async (condition: { IfNoneMatch: '*' } | { IfMatch: string | undefined }): Promise<StoredObject> => {
    const command = new PutObjectCommand({ Bucket, Key, Body, ContentType, Metadata, ...condition });
    const { VersionId = '' } = await client.send(command, { abortSignal: signal });
    return { key: Key, version: VersionId };
  };
  try {
    return await put({ IfNoneMatch: '*' });
  } catch (error) {
    const name = error instanceof Error ? error.name : undefined;
    // To be repeated, and the object may be there by then: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    if (name === 'ConditionalRequestConflict') throw new RenderBusyError(1);
    if (name !== 'PreconditionFailed') throw error;
    const stored = await client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: signal });
    const age = Date.now() - (stored.LastModified?.getTime() ?? 0);
    return age < longestReuse ? { key: Key, version: stored.VersionId ?? '' } : put({ IfMatch: stored.ETag });
  }
}
