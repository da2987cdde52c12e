import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { inLanes } from './lanes';
import { partRanges, type Head, type Objects, type Place, type Tags } from './objects';
import { headersOf, headOf, orAbsent } from './s3-answers';

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToS3(): S3Client {
  return new S3Client({
    maxAttempts: 6,
    // A copy answers when it is done: 5 GB in one piece take S3 a minute or two.
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 300_000,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: 128 },
    },
  });
}

export interface S3Access {
  readonly client: Pick<S3Client, 'send'>;
  readonly signal: AbortSignal;
}

/** Parts that are copied at once: S3 copies about 100 MB/s on each. */
const partLanes = 32;

/**
 * Looks at objects and reads them. Needs `s3:GetObject`, `s3:GetObjectVersion` and, so that absence is 404,
 * `s3:ListBucket`.
 */
export function lookingAt({ client, signal: abortSignal }: S3Access): Pick<Objects, 'head' | 'readSha256'> {
  return {
    async head({ bucket: Bucket, key: Key, versionId: VersionId }) {
      const request = new HeadObjectCommand({ Bucket, Key, VersionId, ChecksumMode: 'ENABLED' });
      const answer = await orAbsent(client.send(request, { abortSignal }));
      return answer === undefined ? undefined : headOf(answer);
    },
    async readSha256({ bucket: Bucket, key: Key, versionId: VersionId }) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }), { abortSignal });
      const hash = createHash('sha256');
      for await (const chunk of Body as AsyncIterable<Uint8Array>) hash.update(chunk);
      return hash.digest('hex');
    },
  };
}

/**
 * Objects as S3 keeps them, to be copied too. Needs beside that on what is read `s3:GetObjectTagging` and
 * `s3:GetObjectVersionTagging`, and on what is written `s3:PutObject`, `s3:PutObjectTagging` and
 * `s3:AbortMultipartUpload`.
 */
export function s3Objects(access: S3Access): Objects {
  const { client, signal: abortSignal } = access;
  const tagsOf = async ({ bucket: Bucket, key: Key, versionId: VersionId }: Place): Promise<Tags> => {
    const request = new GetObjectTaggingCommand({ Bucket, Key, VersionId });
    const { TagSet = [] } = await client.send(request, { abortSignal });
    return Object.fromEntries(TagSet.map(({ Key: name = '', Value = '' }) => [name, Value]));
  };
  // An upload in parts is begun with its tags, which not every implementation of S3 keeps to its end.
  const ensureTags = async (versionId: string | undefined, to: Place, tags: Tags): Promise<void> => {
    if (Object.keys(tags).length === 0) return;
    const kept = await tagsOf(versionId === undefined ? to : { ...to, versionId });
    if (Object.entries(tags).every(([name, value]) => kept[name] === value)) return;
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const request = new PutObjectTaggingCommand({ Bucket: to.bucket, Key: to.key, Tagging: { TagSet } });
    await client.send(request, { abortSignal });
  };
  return {
    ...lookingAt(access),
    tags: tagsOf,
    async copy(from, head, to) {
      const request = new CopyObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        CopySource: copySource(from),
        CopySourceIfMatch: `"${head.etag}"`,
        // Metadata, headers and tags go with the object, the storage class and the redirect do not.
        StorageClass: head.storageClass as StorageClass,
        WebsiteRedirectLocation: head.headers.websiteRedirectLocation,
        ChecksumAlgorithm: algorithmOf(head),
      });
      const { VersionId } = await client.send(request, { abortSignal });
      return VersionId;
    },
    async copyInParts(from, head, tags, to, bytes) {
      const target = { Bucket: to.bucket, Key: to.key };
      const algorithm = algorithmOf(head);
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({
          ...target,
          ...headersOf(head.headers),
          Metadata: { ...head.metadata },
          StorageClass: head.storageClass as StorageClass,
          Tagging: new URLSearchParams(tags).toString(),
          // Only the CRCs can be put together from parts to one over the whole object.
          ...(algorithm?.startsWith('CRC') ? { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' } : {}),
        }),
        { abortSignal },
      );
      const upload = { ...target, UploadId };
      try {
        const ranges = partRanges(head.size, bytes);
        const Parts = await inLanes(ranges, partLanes, async ({ first, last }) => {
          const PartNumber = first / bytes + 1;
          const { CopyPartResult } = await client.send(
            new UploadPartCopyCommand({
              ...upload,
              PartNumber,
              CopySource: copySource(from),
              CopySourceIfMatch: `"${head.etag}"`,
              CopySourceRange: `bytes=${first}-${last}`,
            }),
            { abortSignal },
          );
          const { LastModified: _, ...part } = CopyPartResult ?? {};
          return { PartNumber, ...part };
        });
        const completed = await client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
          { abortSignal },
        );
        await ensureTags(completed.VersionId, to, tags);
        return completed.VersionId;
      } catch (error) {
        // Without the signal: this is for when time has run out. What it misses, the bucket's lifecycle finds.
        await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** The header is one that S3 decodes: unencoded, `+`, `%` and `?` of a key would name another object. */
export function copySource({ bucket, key, versionId }: Place): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

function algorithmOf({ checksums }: Head): ChecksumAlgorithm | undefined {
  return checksums[0]?.algorithm as ChecksumAlgorithm | undefined;
}
