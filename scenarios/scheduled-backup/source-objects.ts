import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { inLanes } from '../shared/in-lanes';
import type { ScenarioRun } from '../shared/scenario';

/** An object with everything that a backup keeps. */
export interface SourceObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;
}

/** What an object is known again by: bytes, headers, metadata and tags in one text. */
export type Print = string;

const contentTypes = ['text/plain', 'application/json', 'image/png', 'application/x-custom; charset=utf-8'];

/** An object of random bytes, every third of them with metadata, tags or headers. */
export function randomObject(run: ScenarioRun, key: string, bytes: number): SourceObject {
  const pick = Math.floor(run.random() * 6);
  return {
    key,
    body: randomBytes(run, bytes),
    contentType: contentTypes[pick % contentTypes.length] ?? 'text/plain',
    metadata: pick < 2 ? { owner: `team-${pick}`, note: 'a b%2Fc' } : {},
    tags: pick > 3 ? { project: 'näher & dran', 'cost:center': `${pick}` } : {},
    ...(pick === 1 ? { contentEncoding: 'gzip', cacheControl: 'max-age=60, private' } : {}),
  };
}

/** Bytes that are random enough to tell objects apart, and cheap enough for megabytes. */
export function randomBytes(run: ScenarioRun, length: number): Buffer {
  const block = Buffer.from(Array.from({ length: 64 }, () => Math.floor(run.random() * 256)));
  return Buffer.alloc(length, block);
}

export async function put(s3: S3Client, bucket: string, object: SourceObject): Promise<string> {
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: object.key,
      Body: object.body,
      ContentType: object.contentType,
      Metadata: { ...object.metadata },
      Tagging: new URLSearchParams(object.tags).toString(),
      ...(object.contentEncoding === undefined ? {} : { ContentEncoding: object.contentEncoding }),
      ...(object.cacheControl === undefined ? {} : { CacheControl: object.cacheControl }),
    }),
  );
  return VersionId ?? 'null';
}

export async function putAll(s3: S3Client, bucket: string, objects: readonly SourceObject[]): Promise<void> {
  await inLanes(objects, 16, (object) => put(s3, bucket, object));
}

export function printOf(object: SourceObject): Print {
  return text(object.body, object.tags, object.metadata, [
    object.contentType,
    object.contentEncoding,
    object.cacheControl,
  ]);
}

/** The print of an object as it is in a bucket. */
export async function printIn(s3: S3Client, bucket: string, key: string): Promise<Print> {
  const [object, { TagSet = [] }] = await Promise.all([
    s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
    s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key })),
  ]);
  const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const tags = Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  return text(body, tags, object.Metadata ?? {}, [object.ContentType, object.ContentEncoding, object.CacheControl]);
}

/** Prints of all objects under a prefix, by what follows the prefix that is cut off. */
export async function printsUnder(s3: S3Client, bucket: string, prefix: string, cut = ''): Promise<Map<string, Print>> {
  const keys = await keysUnder(s3, bucket, prefix);
  const prints = await inLanes(keys, 16, (key) => printIn(s3, bucket, key));
  return new Map(keys.map((key, index) => [key.slice(cut.length), prints[index] ?? '']));
}

export async function keysUnder(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

/** What of the first is missing from the second or differs there, as a text that is empty where nothing is. */
export function differences(expected: ReadonlyMap<string, Print>, found: ReadonlyMap<string, Print>): string {
  const wrong = [
    ...[...expected].filter(([key]) => !found.has(key)).map(([key]) => `missing: ${key}`),
    ...[...expected]
      .filter(([key, print]) => found.has(key) && found.get(key) !== print)
      .map(([key]) => `differs: ${key}`),
    ...[...found.keys()].filter((key) => !expected.has(key)).map((key) => `unexpected: ${key}`),
  ];
  return wrong.length === 0 ? '' : `${wrong.length}: ${wrong.slice(0, 5).join(', ')}`;
}

function text(body: Buffer, tags: object, metadata: object, headers: readonly (string | undefined)[]): Print {
  const sorted = (record: object): [string, unknown][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const sha256 = createHash('sha256').update(body).digest('hex');
  return JSON.stringify([sha256, body.length, sorted(tags), sorted(metadata), headers.map((one) => one ?? '')]);
}
