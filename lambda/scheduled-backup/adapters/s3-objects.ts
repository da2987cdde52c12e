import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import pMap from 'p-map';
import type { ClientLimits } from '../../shared/client-limits';
import { partRanges, type ObjectHead, type ObjectRef, type Tags } from '../objects';
import { headersOf, headOf, metadataOf, undefinedIfAbsent } from './s3-object-head';

export interface S3Access {
  readonly client: Pick<S3Client, 'send'>;
  readonly signal: AbortSignal;
}

/** Limits of a function's client. S3 answers a copy when it is finished: 5 GB in one request take a minute or two. */
export const s3Limits: ClientLimits = {
  maxAttempts: 6,
  maxInFlight: 100,
  connectionTimeout: 2_000,
  requestTimeout: 300_000,
};

/** Parts of one object copied at once; S3 copies each at about 100 MB/s. */
const partConcurrency = 32;

/**
 * Returns undefined if there is no such object, or the version is a delete marker. Needs `s3:GetObject`,
 * `s3:GetObjectVersion` and, for a 404 in place of a 403, `s3:ListBucket`.
 */
export async function headObject(
  { client, signal }: S3Access,
  { bucket: Bucket, key: Key, versionId: VersionId }: ObjectRef,
): Promise<ObjectHead | undefined> {
  const request = new HeadObjectCommand({ Bucket, Key, VersionId, ChecksumMode: 'ENABLED' });
  const answer = await undefinedIfAbsent(client.send(request, { abortSignal: signal }));
  return answer === undefined ? undefined : headOf(answer);
}

/** SHA-256 of the object's bytes in hexadecimal. Needs `s3:GetObject` and `s3:GetObjectVersion`. */
export async function sha256OfObject(
  { client, signal }: S3Access,
  { bucket: Bucket, key: Key, versionId: VersionId }: ObjectRef,
): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }), { abortSignal: signal });
  const hash = createHash('sha256');
  for await (const chunk of Body as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}

/** Needs `s3:GetObjectTagging` and `s3:GetObjectVersionTagging`. */
export async function objectTags(
  { client, signal }: S3Access,
  { bucket: Bucket, key: Key, versionId: VersionId }: ObjectRef,
): Promise<Tags> {
  const request = new GetObjectTaggingCommand({ Bucket, Key, VersionId });
  const { TagSet = [] } = await client.send(request, { abortSignal: signal });
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Attributes of a copy that are not those of its source. */
export interface CopyTarget {
  readonly ref: ObjectRef;
  readonly storageClass: string;
  /** @default whatever is under the key is replaced */
  readonly replaces?: WriteCondition;
}

/** Object that a write may replace: none, or the one with this ETag. */
export type WriteCondition = 'nothing' | { readonly etag: string };

/**
 * Copies one version in one request and returns the version of the copy. Needs the permissions to read the source and its tags, and
 * `s3:PutObject` and `s3:PutObjectTagging` on the target.
 *
 * @throws S3ServiceException `PreconditionFailed` if the target is not what may be replaced
 */
export async function copyObject(
  { client, signal }: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  { ref, storageClass, replaces }: CopyTarget,
): Promise<string | undefined> {
  const request = new CopyObjectCommand({
    Bucket: ref.bucket,
    Key: ref.key,
    CopySource: copySource(source),
    CopySourceIfMatch: `"${head.etag}"`,
    // S3 copies metadata, headers and tags, but neither the storage class nor the redirect.
    StorageClass: storageClass as StorageClass,
    WebsiteRedirectLocation: head.headers.websiteRedirectLocation,
    ChecksumAlgorithm: checksumAlgorithmOf(head),
    // S3 copies annotations by default, but not in parts; reading and writing them take permissions of their own.
    AnnotationDirective: 'EXCLUDE',
    ...conditionOf(replaces),
  });
  const { VersionId } = await client.send(request, { abortSignal: signal });
  return VersionId;
}

export interface Parts {
  readonly tags: Tags;
  readonly bytes: number;
}

/**
 * Copies one version in parts, for an object that is too large for one request, and returns the version of the copy.
 *
 * Needs `s3:AbortMultipartUpload` beside the permissions of `copyObject`.
 */
export async function copyObjectInParts(
  s3: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  { ref, storageClass, replaces }: CopyTarget,
  { tags, bytes }: Parts,
): Promise<string | undefined> {
  const { client, signal: abortSignal } = s3;
  const algorithm = checksumAlgorithmOf(head);
  const create = new CreateMultipartUploadCommand({
    Bucket: ref.bucket,
    Key: ref.key,
    ...headersOf(head.headers),
    Metadata: metadataOf(head.metadata),
    StorageClass: storageClass as StorageClass,
    Tagging: new URLSearchParams(tags).toString(),
    // Only CRCs of parts combine to one over the whole object:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    ...(algorithm?.startsWith('CRC') ? { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' } : {}),
  });
  if (head.headers.expires !== undefined) setExpires(create, head.headers.expires);
  const { UploadId } = await client.send(create, { abortSignal });
  const upload = { Bucket: ref.bucket, Key: ref.key, UploadId };
  try {
    const Parts = await pMap(
      partRanges(head.size, bytes),
      async ({ first, last }): Promise<CompletedPart> => {
        const PartNumber = first / bytes + 1;
        const { CopyPartResult } = await client.send(
          new UploadPartCopyCommand({
            ...upload,
            PartNumber,
            CopySource: copySource(source),
            CopySourceIfMatch: `"${head.etag}"`,
            CopySourceRange: `bytes=${first}-${last}`,
          }),
          { abortSignal },
        );
        const { LastModified: _, ...part } = CopyPartResult ?? {};
        return { PartNumber, ...part };
      },
      { concurrency: partConcurrency },
    );
    const { VersionId } = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...conditionOf(replaces) }),
      { abortSignal },
    );
    await ensureTags(s3, VersionId === undefined ? ref : { ...ref, versionId: VersionId }, tags);
    return VersionId;
  } catch (error) {
    // Without the signal, which has aborted if time has run out. The bucket's lifecycle removes uploads that this misses.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Sets the header `Expires`, which S3 stores as any text (`0`, `-1`, `never`) while the SDK's input takes a date. */
function setExpires({ middlewareStack }: CreateMultipartUploadCommand, text: string): void {
  middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { readonly headers: Record<string, string> };
      request.headers['expires'] = text;
      return next(args);
    },
    { name: 'setExpires', step: 'build' },
  );
}

function conditionOf(replaces: WriteCondition | undefined) {
  if (replaces === undefined) return {};
  return replaces === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: `"${replaces.etag}"` };
}

/** Sets the tags of a multipart copy unless they are there: not every implementation of S3 keeps those that the upload began with. */
async function ensureTags(s3: S3Access, copy: ObjectRef, tags: Tags): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  const kept = await objectTags(s3, copy);
  if (Object.entries(tags).every(([name, value]) => kept[name] === value)) return;
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await s3.client.send(new PutObjectTaggingCommand({ Bucket: copy.bucket, Key: copy.key, Tagging: { TagSet } }), {
    abortSignal: s3.signal,
  });
}

/** Value of the header `x-amz-copy-source`, which S3 decodes: unencoded, `+`, `%` and `?` of a key would name another object. */
export function copySource({ bucket, key, versionId }: ObjectRef): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

function checksumAlgorithmOf({ checksums }: ObjectHead): ChecksumAlgorithm | undefined {
  return checksums[0]?.algorithm as ChecksumAlgorithm | undefined;
}
