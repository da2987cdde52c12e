import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageFailedError } from '../errors';

/** Bucket that holds small texts: the journal, manifests, reports. */
export interface TextStore {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** Text of an object, with the ETag that a conditional write is based on. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** Returns undefined if there is no such object. Needs `s3:GetObject` and, for a 404 in place of a 403, `s3:ListBucket`. */
export async function readText(store: TextStore, key: string): Promise<StoredText | undefined> {
  const { client, bucket, signal } = store;
  try {
    const { Body, ETag = '' } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
      abortSignal: signal,
    });
    return { text: (await Body?.transformToString()) ?? '', etag: ETag };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Needs `s3:PutObject`. */
export async function writeText(
  store: TextStore,
  key: string,
  text: string,
  contentType = 'application/json',
): Promise<void> {
  await put(store, { Key: key, Body: text, ContentType: contentType });
}

/**
 * Writes only if the object is still the one that was read (undefined: if there is none); returns whether it did. Needs
 * `s3:PutObject`.
 */
export async function writeTextIfUnchanged(
  store: TextStore,
  key: string,
  text: string,
  previous: StoredText | undefined,
): Promise<boolean> {
  const condition = previous === undefined ? { IfNoneMatch: '*' } : { IfMatch: previous.etag };
  try {
    await put(store, { Key: key, Body: text, ContentType: 'application/json', ...condition });
    return true;
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    // 409: another conditional write was in progress; 404: the object that was read has been deleted.
    if (status === 412 || status === 409 || (status === 404 && previous !== undefined)) return false;
    throw error;
  }
}

async function put({ client, bucket, signal }: TextStore, input: { Key: string; Body: string; ContentType: string }) {
  await client.send(new PutObjectCommand({ Bucket: bucket, ...input }), { abortSignal: signal });
}

/** Keys with a prefix, after a key if one is given, in order, one page of the listing at a time. Needs `s3:ListBucket`. */
export async function* listKeys(
  { client, bucket, signal }: TextStore,
  prefix: string,
  startAfter?: string,
): AsyncIterable<readonly string[]> {
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: startAfter, ContinuationToken }),
      { abortSignal: signal },
    );
    yield (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** Parts of keys between a prefix and the next `/`, each once, with the `/`. Needs `s3:ListBucket`. */
export async function listFolders({ client, bucket, signal }: TextStore, prefix: string): Promise<string[]> {
  const folders: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/', ContinuationToken }),
      { abortSignal: signal },
    );
    folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice(prefix.length)));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return folders;
}

/** Deletes the current versions. Needs `s3:DeleteObject`. */
export async function deleteKeys({ client, bucket, signal }: TextStore, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
    }),
    { abortSignal: signal },
  );
  if (Errors.length > 0) {
    throw new StorageFailedError(`${Errors.length} objects were not deleted (${Errors[0]?.Code ?? 'no code'})`);
  }
}
