import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PhotoStore, PhotoVersion } from './reconcile';
import { StorageFailed, undefinedIfAbsent } from './s3-errors';

/** A bucket, and the signal that ends every request to it before the invocation ends. */
export interface BucketAccess {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** The photos of a versioned bucket. Needs `s3:GetObject`, `s3:GetObjectVersion` and, so that absence is 404, `s3:ListBucket`. */
export class S3PhotoStore implements PhotoStore {
  constructor(private readonly access: BucketAccess) {}

  async current(key: string): Promise<PhotoVersion | undefined> {
    const { client, bucket, signal } = this.access;
    const request = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const head = await undefinedIfAbsent(client.send(request, { abortSignal: signal }));
    if (!head) return undefined;
    if (head.VersionId === undefined) {
      throw new StorageFailed(`bucket ${bucket} keeps no versions: turn versioning on`);
    }
    return { key, versionId: head.VersionId, etag: unquoted(head.ETag), size: head.ContentLength ?? 0 };
  }

  async read({ key, versionId, size }: PhotoVersion): Promise<Uint8Array | undefined> {
    const { client, bucket, signal } = this.access;
    const request = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const object = await undefinedIfAbsent(client.send(request, { abortSignal: signal }));
    const bytes = await object?.Body?.transformToByteArray();
    if (bytes && bytes.length !== size) {
      // Fewer bytes than expected would pass for a damaged photo, and be recorded for good.
      throw new StorageFailed(`expected ${size} bytes of version ${versionId}, got ${bytes.length}: it is read again`);
    }
    return bytes;
  }
}

function unquoted(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}
