import { GetObjectCommand, GetObjectTaggingCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { keysUnder } from '../shared/s3-keys';
import type { ScenarioRun } from '../shared/scenario';

/** Object with every attribute that a backup keeps. */
export interface SourceObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;
}

/** Bytes, headers, metadata and tags of an object in one text. */
export type Fingerprint = string;

const contentTypes = ['text/plain', 'application/json', 'image/png', 'application/x-custom; charset=utf-8'];

/** Makes an object of random bytes, some of them with metadata, tags or headers. */
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

/** Makes bytes that are random enough to tell objects apart, and cheap enough for megabytes. */
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
  await pMap(objects, (object) => put(s3, bucket, object), { concurrency: 16 });
}

export function fingerprintOf(object: SourceObject): Fingerprint {
  return text(object.body, object.tags, object.metadata, [
    object.contentType,
    object.contentEncoding,
    object.cacheControl,
  ]);
}

/** Fingerprint of an object in a bucket. */
export async function fingerprintIn(s3: S3Client, bucket: string, key: string): Promise<Fingerprint> {
  const [object, { TagSet = [] }] = await Promise.all([
    s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
    s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key })),
  ]);
  const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const tags = Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  return text(body, tags, object.Metadata ?? {}, [object.ContentType, object.ContentEncoding, object.CacheControl]);
}

/** Fingerprints of all objects under a prefix, by their keys without the beginning that is cut off. */
export async function fingerprintsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
  cut = '',
): Promise<Map<string, Fingerprint>> {
  const keys = await keysUnder(s3, bucket, prefix);
  const prints = await pMap(keys, (key) => fingerprintIn(s3, bucket, key), { concurrency: 16 });
  return new Map(keys.map((key, index) => [key.slice(cut.length), prints[index] ?? '']));
}

/** Describes missing, different and unexpected objects; empty if there are none. */
export function differences(
  expected: ReadonlyMap<string, Fingerprint>,
  found: ReadonlyMap<string, Fingerprint>,
): string {
  const wrong = [
    ...[...expected].filter(([key]) => !found.has(key)).map(([key]) => `missing: ${key}`),
    ...[...expected]
      .filter(([key, print]) => found.has(key) && found.get(key) !== print)
      .map(([key]) => `differs: ${key}`),
    ...[...found.keys()].filter((key) => !expected.has(key)).map((key) => `unexpected: ${key}`),
  ];
  return wrong.length === 0 ? '' : `${wrong.length}: ${wrong.slice(0, 5).join(', ')}`;
}

function text(body: Buffer, tags: object, metadata: object, headers: readonly (string | undefined)[]): Fingerprint {
  const sorted = (record: object): [string, unknown][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const sha256 = createHash('sha256').update(body).digest('hex');
  return JSON.stringify([sha256, body.length, sorted(tags), sorted(metadata), headers.map((one) => one ?? '')]);
}
