import { FakeService, type FakeRequest, type FakeResponse } from './fake-service';
import { bucketTags, objectLock } from './s3-bucket-settings';
import { Bucket, type NewObject, type StoredVersion, type Versioning } from './s3-bucket';
import { listObjects, listVersions } from './s3-listing';
import { copy, deletionHeaders, find, put, read, readTags, remove, removeMany, writeTags } from './s3-operations';
import { placeOf } from './s3-requests';
import { S3Refusal, s3Refusal, xmlResponse } from './s3-responses';
import { Uploads } from './s3-uploads';
import { element } from './s3-xml';

export interface S3Options {
  /** Most entries of one page of a listing. @default 1,000 */
  readonly pageSize?: number;
  /** Least bytes of a part that is not the last. @default 5 MiB */
  readonly smallestPartBytes?: number;
  /** Regions of the buckets that are not in that of the client, `eu-west-1`. */
  readonly regions?: Readonly<Record<string, string>>;
}

/** Operations by their method and what tells them apart; the first that fits counts. */
const operations: readonly [operation: string, method: string, ofKey: boolean, mark?: string][] = [
  ['UploadPartCopy', 'PUT', true, 'partNumber+x-amz-copy-source'],
  ['UploadPart', 'PUT', true, 'partNumber'],
  ['PutObjectTagging', 'PUT', true, 'tagging'],
  ['CopyObject', 'PUT', true, '+x-amz-copy-source'],
  ['PutObject', 'PUT', true],
  ['GetObjectTagging', 'GET', true, 'tagging'],
  ['GetObject', 'GET', true],
  ['HeadObject', 'HEAD', true],
  ['CreateMultipartUpload', 'POST', true, 'uploads'],
  ['CompleteMultipartUpload', 'POST', true, 'uploadId'],
  ['AbortMultipartUpload', 'DELETE', true, 'uploadId'],
  ['DeleteObject', 'DELETE', true],
  ['DeleteObjects', 'POST', false, 'delete'],
  ['HeadBucket', 'HEAD', false],
  ['ListObjectVersions', 'GET', false, 'versions'],
  ['GetBucketVersioning', 'GET', false, 'versioning'],
  ['GetBucketTagging', 'GET', false, 'tagging'],
  ['GetObjectLockConfiguration', 'GET', false, 'object-lock'],
  ['HeadBucket', 'HEAD', false],
  ['DeleteBucket', 'DELETE', false],
  ['ListObjectsV2', 'GET', false, 'list-type'],
];

const homeRegion = 'eu-west-1';

/** S3 with these buckets in memory: versions, conditions, copies, parts, listings, tags and checksums. */
export class FakeS3 extends FakeService {
  readonly serviceId = 'S3';
  readonly uploads: Uploads;
  readonly #buckets: Map<string, Bucket>;
  readonly #pageSize: number;
  readonly #regions: Readonly<Record<string, string>>;

  constructor(
    buckets: Readonly<Record<string, Versioning>>,
    { pageSize = 1_000, smallestPartBytes = 5 * 1_024 ** 2, regions = {} }: S3Options = {},
  ) {
    super();
    this.#buckets = new Map(Object.entries(buckets).map(([name, versioning]) => [name, new Bucket(versioning)]));
    this.#pageSize = pageSize;
    this.#regions = regions;
    this.uploads = new Uploads((name) => this.bucket(name), smallestPartBytes);
  }

  override get clientConfig() {
    return { ...super.clientConfig, forcePathStyle: true };
  }

  /** @throws S3Refusal where there is no such bucket */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new S3Refusal('NoSuchBucket', 404);
    return bucket;
  }

  /** An upload that the test makes; returns its version's id. */
  put(bucket: string, key: string, object: NewObject | string | Buffer = {}): string {
    const isBody = typeof object === 'string' || Buffer.isBuffer(object);
    return this.bucket(bucket).put(key, isBody ? { body: object } : object).versionId;
  }

  /** The current version, or undefined where it was deleted. */
  object(bucket: string, key: string): StoredVersion | undefined {
    return this.bucket(bucket).current(key);
  }

  /** Text of the current version. */
  text(bucket: string, key: string): string | undefined {
    return this.object(bucket, key)?.body.toString();
  }

  /** Keys that have a current version, sorted as S3 lists them. */
  keys(bucket: string, prefix = ''): string[] {
    const { all } = this.bucket(bucket);
    const keys = [...new Set(all.map(({ key }) => key))].filter((key) => key.startsWith(prefix));
    return keys.filter((key) => this.object(bucket, key) !== undefined);
  }

  protected operationOf({ method, path, query, headers }: Omit<FakeRequest, 'operation'>): string {
    const ofKey = placeOf(path).key !== '';
    const found = operations.find(([, itsMethod, itsKey, mark = '']) => {
      const [parameter = '', header = ''] = mark.split('+');
      const fits = (parameter === '' || query.has(parameter)) && (header === '' || header in headers);
      return itsMethod === method && itsKey === ofKey && fits;
    });
    return found?.[0] ?? `${method} ${path}`;
  }

  protected carryOut(request: FakeRequest): FakeResponse {
    const { bucket, key } = placeOf(request.path);
    try {
      const { owner } = this.bucket(bucket);
      if ((request.headers['x-amz-expected-bucket-owner'] ?? owner) !== owner) throw new S3Refusal('AccessDenied', 403);
      if (Buffer.byteLength(key) > 1_024) throw new S3Refusal('KeyTooLongError', 400);
      const region = this.#regions[bucket] ?? homeRegion;
      const named = { 'x-amz-bucket-region': region };
      if (region !== homeRegion) throw new S3Refusal('PermanentRedirect', 301, named);
      if (request.operation === 'HeadBucket') {
        this.bucket(bucket);
        return { status: 200, headers: named };
      }
      return this.#answer(request, this.bucket(bucket), bucket, key);
    } catch (error) {
      if (!(error instanceof S3Refusal)) throw error;
      return s3Refusal(error.code, error.status, request, error.headers);
    }
  }

  #answer(request: FakeRequest, bucket: Bucket, name: string, key: string): FakeResponse {
    const { operation, query } = request;
    switch (operation) {
      case 'PutObject':
        return put(request, bucket, key);
      case 'CopyObject':
        return copy(request, bucket, key, (source) => this.bucket(source));
      case 'GetObject':
      case 'HeadObject':
        return read(request, bucket, key);
      case 'GetObjectTagging':
        return readTags(find(bucket, key, query));
      case 'PutObjectTagging':
        return writeTags(request, bucket, key);
      case 'DeleteObject':
        return { status: 204, headers: deletionHeaders(remove(bucket, key, query.get('versionId') ?? undefined)) };
      case 'DeleteObjects':
        return removeMany(request, bucket);
      case 'ListObjectsV2':
        return xmlResponse(listObjects(name, bucket.all, query, this.#pageSize));
      case 'ListObjectVersions':
        return xmlResponse(listVersions(name, bucket.all, query, this.#pageSize));
      case 'GetBucketVersioning':
        return xmlResponse(
          element(
            'VersioningConfiguration',
            element('Status', bucket.versioning === 'Off' ? undefined : bucket.versioning),
          ),
        );
      case 'HeadBucket':
        return { status: 200 };
      case 'DeleteBucket':
        if (bucket.all.length > 0) throw new S3Refusal('BucketNotEmpty', 409);
        this.#buckets.delete(name);
        return { status: 204 };
      case 'GetBucketTagging':
        return bucketTags(bucket);
      case 'GetObjectLockConfiguration':
        return objectLock(bucket);
      case 'CreateMultipartUpload':
        return this.uploads.create(name, key, request);
      case 'UploadPart':
        return this.uploads.uploadPart(request);
      case 'UploadPartCopy':
        return this.uploads.uploadPartCopy(request);
      case 'CompleteMultipartUpload':
        return this.uploads.complete(request);
      case 'AbortMultipartUpload':
        return this.uploads.abort(query);
      default:
        throw new Error(`the fake does not know ${operation}: teach it`);
    }
  }
}
