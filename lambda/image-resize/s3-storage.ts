import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { OutputObject, Outputs, Photos, PhotoVersion, Stamp } from './convergence';
import { manifestSchema, type Manifest } from './manifest';
import { sha256 } from './recipe';

/** Thrown where S3 answered, but not with what was asked for; another attempt can succeed. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed';
}

/** A bucket, and the signal that ends every request to it before the invocation does. */
export interface BucketAccess {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToS3(): S3Client {
  return new S3Client({
    maxAttempts: 4,
    // 50 MB take about a second from S3 to a function. Without `throwOnRequestTimeout` the SDK only warns of a request
    // that takes too long; a body that stops halfway is ended by `socketTimeout` (milliseconds without a byte).
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      socketTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** How often a deletion that S3 answered with an error for a single key is tried. */
const deletionAttempts = 3;

/** The photos of a versioned bucket. Needs `s3:GetObject`, `s3:GetObjectVersion` and, so that absence is 404, `s3:ListBucket`. */
export function s3Photos({ client, bucket: Bucket, signal: abortSignal }: BucketAccess): Photos {
  return {
    async current(key) {
      const head = await orAbsent(client.send(new HeadObjectCommand({ Bucket, Key: key }), { abortSignal }));
      if (!head) return undefined;
      if (head.VersionId === undefined) {
        throw new StorageFailed(`bucket ${Bucket} keeps no versions: turn versioning on`);
      }
      return { key, versionId: head.VersionId, etag: unquoted(head.ETag), size: head.ContentLength ?? 0 };
    },
    async read({ key, versionId, size }: PhotoVersion) {
      const request = new GetObjectCommand({ Bucket, Key: key, VersionId: versionId });
      const object = await orAbsent(client.send(request, { abortSignal }));
      const bytes = await object?.Body?.transformToByteArray();
      if (bytes && bytes.length !== size) {
        // Fewer bytes than promised would pass for a damaged photo, and be recorded for good.
        throw new StorageFailed(`read ${bytes.length} of ${size} bytes of version ${versionId}: it is tried again`);
      }
      return bytes;
    },
  };
}

/** The output bucket. Needs `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and, so that absence is 404, `s3:ListBucket`. */
export function s3Outputs(
  { client, bucket: Bucket, signal: abortSignal }: BucketAccess,
  cacheControl: string,
): Outputs {
  const put = async (object: OutputObject, { sourceVersion, recipe }: Stamp, CacheControl: string): Promise<void> => {
    const request = new PutObjectCommand({
      Bucket,
      Key: object.key,
      Body: object.bytes,
      ContentType: object.contentType,
      CacheControl,
      ChecksumSHA256: Buffer.from(object.sha256, 'hex').toString('base64'),
      // ASCII only, as S3 demands of metadata: no key may stand here.
      Metadata: { 'source-version': sourceVersion, recipe },
    });
    await client.send(request, { abortSignal });
  };
  return {
    async manifest(key) {
      const object = await orAbsent(client.send(new GetObjectCommand({ Bucket, Key: key }), { abortSignal }));
      return parseManifest(await object?.Body?.transformToString());
    },
    async stamp(key) {
      const head = await orAbsent(client.send(new HeadObjectCommand({ Bucket, Key: key }), { abortSignal }));
      if (!head) return undefined;
      const { 'source-version': sourceVersion, recipe } = head.Metadata ?? {};
      return { ...(sourceVersion !== undefined && { sourceVersion }), ...(recipe !== undefined && { recipe }) };
    },
    write: (object, stamp) => put(object, stamp, cacheControl),
    async writeManifest(key, manifest) {
      const bytes = Buffer.from(JSON.stringify(manifest, null, 2));
      const object = { key, bytes, contentType: 'application/json', sha256: sha256(bytes) };
      // A manifest changes with its photo: whoever reads it must see the newest.
      await put(object, { sourceVersion: manifest.source.versionId, recipe: manifest.recipe }, 'no-cache');
    },
    async remove(keys) {
      let left = [...keys];
      for (let attempt = 1; left.length > 0; attempt++) {
        const Delete = { Objects: left.map((Key) => ({ Key })), Quiet: true };
        const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }), { abortSignal });
        left = Errors.flatMap(({ Key }) => Key ?? []);
        if (Errors.length > 0 && (attempt === deletionAttempts || left.length === 0)) {
          throw new StorageFailed(`${Errors.length} objects were not deleted (${Errors[0]?.Code ?? 'no code'})`);
        }
      }
    },
  };
}

/** S3 answers 404 to HEAD without naming the error; to GET it says NoSuchKey or NoSuchVersion. */
async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw named(error);
  }
}

/** The answer to HEAD has no body, so the SDK calls every refusal `UnknownError`; only the status tells. */
function named(error: unknown): unknown {
  if (!(error instanceof S3ServiceException) || error.message !== 'UnknownError') return error;
  return new StorageFailed(`S3 answered HEAD with status ${error.$metadata.httpStatusCode}`, { cause: error });
}

function isAbsence(error: unknown): boolean {
  // A missing bucket is a 404 too, and no reason to believe that its photos were deleted.
  return error instanceof Error && ['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(error.name);
}

function parseManifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function unquoted(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}
