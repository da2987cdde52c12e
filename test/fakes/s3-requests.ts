import type { FakeRequest } from './fake-service';
import type { Bucket, NewObject, StoredVersion } from './s3-bucket';
import { checksumAlgorithms, checksumOf, type ChecksumAlgorithm } from './s3-checksums';
import { S3Refusal } from './s3-responses';

/** Headers of a request that S3 keeps with the object. */
const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
];

/** Bucket and key of a path, both decoded. */
export function placeOf(path: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
}

/** Bytes of the object, without the frames and the trailer that the SDK puts around a stream. */
export function bodyOf(request: FakeRequest): { readonly body: Buffer; readonly headers: FakeRequest['headers'] } {
  const { body, headers } = request;
  if (!headers['content-encoding']?.includes('aws-chunked')) return { body, headers };
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = parseInt(body.subarray(at, lineEnd).toString(), 16);
    if (size === 0) {
      const trailer = body
        .subarray(lineEnd + 2)
        .toString()
        .split('\r\n')
        .filter((line) => line !== '');
      const extra = trailer.map((line) => line.split(/:(.*)/s).slice(0, 2));
      const { 'content-encoding': _, ...others } = headers;
      return { body: Buffer.concat(chunks), headers: { ...others, ...(Object.fromEntries(extra) as object) } };
    }
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 4 + size;
  }
}

/** Properties of the object that a request writes, apart from its bytes. */
export function attributesOf(headers: FakeRequest['headers']): Omit<NewObject, 'body' | 'checksums'> {
  const kept = Object.entries(headers).filter(([name]) => keptHeaders.includes(name) || name.startsWith('x-amz-meta-'));
  const metadataBytes = kept
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name.slice('x-amz-meta-'.length)) + Buffer.byteLength(value),
      0,
    );
  if (metadataBytes > 2_048) throw new S3Refusal('MetadataTooLarge', 400);
  const storageClass = headers['x-amz-storage-class'];
  const customerKeyMd5 = headers['x-amz-server-side-encryption-customer-key-md5'];
  return {
    headers: Object.fromEntries(kept),
    tags: tagsOf(headers['x-amz-tagging']),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(customerKeyMd5 === undefined ? {} : { customerKeyMd5 }),
  };
}

export function tagsOf(text = ''): Record<string, string> {
  return checkedTags(Object.fromEntries(new URLSearchParams(text)));
}

export function checkedTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > 10) throw new S3Refusal('BadRequest', 400);
  return tags;
}

/** Checksums that a request gives, which S3 compares with the bytes. */
export function givenChecksums(headers: FakeRequest['headers'], body: Buffer): StoredVersion['checksums'] | undefined {
  const given = checksumAlgorithms.flatMap((algorithm): [ChecksumAlgorithm, string][] => {
    const value = headers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    return value === undefined ? [] : [[algorithm, value]];
  });
  if (given.some(([algorithm, value]) => checksumOf(algorithm, body) !== value)) throw new S3Refusal('BadDigest', 400);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

export function unquoted(etag: string): string {
  return etag.trim().replace(/^"|"$/g, '');
}

/** Holds a write against its conditions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function requireWritable(headers: FakeRequest['headers'], bucket: Bucket, key: string): void {
  const current = bucket.current(key);
  if (headers['if-none-match'] === '*' && current !== undefined) throw new S3Refusal('PreconditionFailed', 412);
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  if (current === undefined) throw new S3Refusal('NoSuchKey', 404);
  if (wanted !== '*' && unquoted(wanted) !== current.etag) throw new S3Refusal('PreconditionFailed', 412);
}

/** The source of a copy, as far as it may be read. */
export function sourceOf(headers: FakeRequest['headers'], bucketOf: (name: string) => Bucket): StoredVersion {
  const [path = '', query = ''] = (headers['x-amz-copy-source'] ?? '').split(/\?(.*)/s);
  const { bucket, key } = placeOf(path.startsWith('/') ? path : `/${path}`);
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  const found = versionId === undefined ? bucketOf(bucket).current(key) : bucketOf(bucket).find(key, versionId);
  if (found === undefined) throw new S3Refusal(versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion', 404);
  if (found.isDeleteMarker) throw new S3Refusal('InvalidRequest', 400);
  const wanted = headers['x-amz-copy-source-if-match'];
  if (wanted !== undefined && unquoted(wanted) !== found.etag) throw new S3Refusal('PreconditionFailed', 412);
  requireReadable(found, headers['x-amz-copy-source-server-side-encryption-customer-key-md5']);
  return found;
}

/** @throws S3Refusal where the object is archived, or encrypted with a key that the request lacks */
export function requireReadable(found: StoredVersion, customerKeyMd5: string | undefined): void {
  requireKey(found, customerKeyMd5);
  const isArchived = ['GLACIER', 'DEEP_ARCHIVE'].includes(found.storageClass) || found.archiveStatus !== undefined;
  if (isArchived && !found.isRestored) throw new S3Refusal('InvalidObjectState', 403);
}

export function requireKey(found: StoredVersion, customerKeyMd5: string | undefined): void {
  if (found.customerKeyMd5 !== customerKeyMd5) throw new S3Refusal('InvalidRequest', 400);
}
