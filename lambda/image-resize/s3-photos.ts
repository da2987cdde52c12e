import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { RejectedPhoto } from './photo-errors';
import type { CurrentPhoto, PhotoStore, PhotoVersion } from './stores';
import { isAbsence, named, statusOf, StorageFailed, undefinedIfAbsent } from './s3-errors';

/** A bucket, and the signal that ends every request to it before the invocation ends. */
export interface BucketAccess {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/**
 * The photos of a versioned bucket.
 *
 * Needs `s3:GetObject`, `s3:GetObjectVersion`, `s3:ListBucketVersions` and, so that absence is 404, `s3:ListBucket`.
 */
export class S3PhotoStore implements PhotoStore {
  constructor(private readonly access: BucketAccess) {}

  /**
   * Reads the current version by HEAD, whose answers have no body. Two of them are looked into by a listing, which names a
   * missing bucket: 404 without a delete marker, which may be wrong for 15 minutes after versioning was turned on
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html), and 400, which S3 answers for
   * an object that is encrypted with a key of the customer's.
   */
  async current(key: string): Promise<CurrentPhoto> {
    const { client, bucket, signal } = this.access;
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return { state: 'present', version: versionOf(key, head, bucket) };
    } catch (error) {
      if (isAbsence(error) && hasDeleteMarker(error)) return { state: 'deleted' };
      if (!isAbsence(error) && statusOf(error) !== 400) throw named(error);
      const listed = await this.listCurrent(key);
      if (listed.state === 'present' && isAbsence(error)) {
        throw new StorageFailed(`S3 answered 404 for version ${listed.version.versionId}, which it lists`);
      }
      return listed;
    }
  }

  async read({ key, versionId, size }: PhotoVersion): Promise<Uint8Array | undefined> {
    const { client, bucket, signal } = this.access;
    const request = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const object = await undefinedIfAbsent(client.send(request, { abortSignal: signal })).catch(rejectUnreadable);
    const bytes = await object?.Body?.transformToByteArray();
    if (bytes && bytes.length !== size) {
      // Fewer bytes than expected would pass for a damaged photo, and be recorded for good.
      throw new StorageFailed(`expected ${size} bytes of version ${versionId}, got ${bytes.length}: it is read again`);
    }
    return bytes;
  }

  /** Reads the newest version or delete marker of a key from a listing, which starts with that key. */
  private async listCurrent(key: string): Promise<CurrentPhoto> {
    const { client, bucket, signal } = this.access;
    const request = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1, EncodingType: 'url' });
    const listing = await client.send(request, { abortSignal: signal });
    const { Versions: [version] = [], DeleteMarkers: [marker] = [] } = listing;
    const isOf = (listed: string | undefined): boolean =>
      listed !== undefined && (listing.EncodingType === 'url' ? decodeListedKey(listed) : listed) === key;
    if (version !== undefined && isOf(version.Key)) {
      const { VersionId, ETag, Size: ContentLength } = version;
      return { state: 'present', version: versionOf(key, { VersionId, ETag, ContentLength }, bucket) };
    }
    return { state: isOf(marker?.Key) ? 'deleted' : 'absent' };
  }
}

function versionOf(
  key: string,
  { VersionId, ETag, ContentLength }: Pick<HeadObjectCommandOutput, 'VersionId' | 'ETag' | 'ContentLength'>,
  bucket: string,
): PhotoVersion {
  // `null` is the version of an object that was written while versioning was suspended, or before it was turned on: the
  // next one written so would have the same id.
  if (VersionId === undefined || VersionId === 'null') {
    throw new StorageFailed(
      `the photo has no version of its own: turn versioning of ${bucket} on, then upload it again`,
    );
  }
  return { key, versionId: VersionId, etag: unquoted(ETag), size: ContentLength ?? 0 };
}

/** S3 says of a 404 whether a delete marker is the reason, in a header. */
function hasDeleteMarker(error: unknown): boolean {
  const { $response } = error as { $response?: { headers?: Record<string, string> } };
  return $response?.headers?.['x-amz-delete-marker'] === 'true';
}

/** A refusal that no retry changes, as long as the photo stays as it is. */
function rejectUnreadable(error: unknown): never {
  const name = error instanceof Error ? error.name : '';
  // By the error and not the storage class: a restored object is readable, and INTELLIGENT_TIERING has archive tiers.
  if (name === 'InvalidObjectState') {
    const message = 'The photo is in archive storage: restore it, then copy it onto itself.';
    throw new RejectedPhoto('archived', message, { cause: error });
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
  if (name === 'InvalidRequest' && statusOf(error) === 400) {
    const message = 'The photo is encrypted with a key of your own: upload it without that key.';
    throw new RejectedPhoto('customer-key', message, { cause: error });
  }
  throw error;
}

/** Listed keys are URL-encoded, since XML cannot carry every character; a space is `+`. */
function decodeListedKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

function unquoted(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}
