import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type * as z from 'zod/mini';
import { parseInput } from '../../shared/parse-input';
import { repeatRead } from '../../shared/repeat-read';

/** Bucket that holds what the steps leave for each other, or for people. */
export interface Store {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** Limits of the client of every function that reads and writes files. */
export const s3Limits = { maxAttempts: 6, connectionTimeout: 2_000, requestTimeout: 10_000, socketTimeout: 10_000 };

/** Returns undefined if there is no such object. Needs `s3:GetObject` and, for a 404 in place of a 403, `s3:ListBucket`. */
export async function readText(store: Store, key: string): Promise<string | undefined> {
  return (await readStored(store, key))?.text;
}

/** Text of an object, and the ETag for a write that depends on it. */
export async function readStored(
  { client, bucket, signal }: Store,
  key: string,
): Promise<{ readonly text: string; readonly etag: string } | undefined> {
  const read = async () => {
    const get = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body, ETag = '' } = await client.send(get, { abortSignal: signal });
    return { text: (await Body?.transformToString()) ?? '', etag: ETag };
  };
  try {
    return await repeatRead(read, signal);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Returns undefined if there is no such object. Needs the same permissions as `readText`. */
export async function readJson<Schema extends z.ZodMiniType>(
  store: Store,
  key: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const text = await readText(store, key);
  return text === undefined ? undefined : parseInput(schema, JSON.parse(text));
}

/** Needs `s3:PutObject`. */
export async function write(store: Store, key: string, body: string | Uint8Array, contentType: string): Promise<void> {
  const { client, bucket, signal } = store;
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }), {
    abortSignal: signal,
  });
}

export async function writeJson(store: Store, key: string, value: object): Promise<void> {
  await write(store, key, JSON.stringify(value), 'application/json');
}

/** Writes an object unless it exists already, and returns whether it did. Needs `s3:PutObject`. */
export async function writeJsonOnce(store: Store, key: string, value: object): Promise<boolean> {
  return (await writeIfUnchanged(store, key, JSON.stringify(value), 'application/json', undefined)) !== undefined;
}

/**
 * Writes an object if it is still the one that was read (undefined: if there is none), and returns its ETag; undefined if it was
 * not written. Needs `s3:PutObject`.
 */
export async function writeIfUnchanged(
  { client, bucket, signal }: Store,
  key: string,
  body: string | Uint8Array,
  contentType: string,
  etag: string | undefined,
): Promise<string | undefined> {
  const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
  const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentType, ...condition };
  try {
    return (await client.send(new PutObjectCommand(input), { abortSignal: signal })).ETag ?? '';
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return undefined;
    throw error;
  }
}

/** Lines of JSON, one value each. */
export function toJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

export function fromJsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Reads every object with a prefix, a few at once. Needs `s3:ListBucket` and `s3:GetObject`. */
export async function readAllJson<Schema extends z.ZodMiniType>(
  store: Store,
  prefix: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await store.client.send(
      new ListObjectsV2Command({ Bucket: store.bucket, Prefix: prefix, ContinuationToken }),
      { abortSignal: store.signal },
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  const read = async (key: string): Promise<z.output<Schema>> =>
    parseInput(schema, JSON.parse((await readText(store, key)) ?? 'null'));
  return pMap(keys, read, { concurrency: 16 });
}
