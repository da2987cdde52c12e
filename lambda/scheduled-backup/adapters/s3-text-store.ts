import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

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
  store: TextStore,
  prefix: string,
  startAfter?: string,
): AsyncIterable<readonly string[]> {
  const StartAfter = startAfter === undefined ? {} : { StartAfter: startAfter };
  for await (const { Contents = [], EncodingType } of listPages(store, { Prefix: prefix, ...StartAfter })) {
    yield Contents.flatMap(({ Key }) => (Key === undefined ? [] : decodeKey(Key, EncodingType)));
  }
}

/** Parts of keys between a prefix and the next `/`, each once, with the `/`. Needs `s3:ListBucket`. */
export async function listFolders(store: TextStore, prefix: string): Promise<string[]> {
  const folders: string[] = [];
  for await (const { CommonPrefixes = [], EncodingType } of listPages(store, { Prefix: prefix, Delimiter: '/' })) {
    folders.push(...CommonPrefixes.map(({ Prefix = '' }) => decodeKey(Prefix, EncodingType).slice(prefix.length)));
  }
  return folders;
}

/**
 * Returns when the newest of the first thousand objects with a prefix was written; undefined if there are none. Needs
 * `s3:ListBucket`.
 */
export async function newestModification(store: TextStore, prefix: string): Promise<Date | undefined> {
  for await (const { Contents = [] } of listPages(store, { Prefix: prefix })) {
    const times = Contents.flatMap(({ LastModified }) => LastModified?.getTime() ?? []);
    return times.length === 0 ? undefined : new Date(Math.max(...times));
  }
  return undefined;
}

type ListingInput = Pick<ListObjectsV2CommandInput, 'Prefix' | 'Delimiter' | 'StartAfter'>;

/** Keys are listed URL-encoded: XML has no control characters, and its parsers read CR as LF. */
async function* listPages(
  { client, bucket, signal }: TextStore,
  input: ListingInput,
): AsyncIterable<ListObjectsV2CommandOutput> {
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, EncodingType: 'url', ...input, ContinuationToken }),
      { abortSignal: signal },
    );
    yield page;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** S3 writes a space as `+` and a plus sign as `%2B`; the SDK decodes neither. */
function decodeKey(text: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}
