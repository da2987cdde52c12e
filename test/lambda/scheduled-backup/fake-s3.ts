import { S3ServiceException } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

export interface FakeObject {
  readonly body?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  readonly storageClass?: string;
  /** S3 keeps no checksum of the whole object. */
  readonly withoutChecksum?: boolean;
}

interface Version extends Required<FakeObject> {
  readonly versionId: string;
  readonly lastModified: Date;
  readonly etag: string;
  readonly deleted: boolean;
}

type Input = Readonly<Record<string, unknown>> & { readonly Bucket: string; readonly Key: string };

/** S3 in memory: buckets with versioning, conditional writes, copies in one request or in parts, paged listings. */
export class FakeS3 {
  readonly requests: { readonly name: string; readonly input: Input }[] = [];
  /** Called before each request; an error that it throws is S3's answer. */
  before: (name: string, input: Input) => void = () => undefined;
  pageSize = 1_000;
  now: () => Date = () => new Date();
  readonly #buckets = new Map<string, Map<string, Version[]>>();
  readonly #uploads = new Map<string, { input: Input; source: Version }>();
  #count = 0;

  /** Stands in for an S3Client. */
  readonly client = {
    send: (command: { readonly input: unknown }, options?: { abortSignal?: AbortSignal }): Promise<never> =>
      this.#send(command.constructor.name.replace(/Command$/, ''), command.input as Input, options?.abortSignal),
  };

  /** Puts a new version and returns its id. */
  put(bucket: string, key: string, object: FakeObject = {}): string {
    const versionId = `v${++this.#count}`;
    const { body = `bytes of ${key}`, withoutChecksum = false } = object;
    const etag = withoutChecksum ? `etag-${versionId}` : createHash('md5').update(body).digest('hex');
    this.#versions(bucket, key).push({
      tags: {},
      metadata: {},
      contentType: undefined,
      storageClass: 'STANDARD',
      deleted: false,
      lastModified: this.now(),
      ...object,
      body,
      withoutChecksum,
      versionId,
      etag,
    });
    return versionId;
  }

  /** Removes a version for good, or all of them. */
  remove(bucket: string, key: string, versionId?: string): void {
    const kept = this.#versions(bucket, key).filter((one) => versionId !== undefined && one.versionId !== versionId);
    this.#bucket(bucket).set(key, kept);
  }

  /** Body of a version, or of the current one. */
  body(bucket: string, key: string, versionId?: string): string | undefined {
    return this.#find(bucket, key, versionId)?.body;
  }

  tags(bucket: string, key: string): Readonly<Record<string, string>> | undefined {
    return this.#find(bucket, key)?.tags;
  }

  metadata(bucket: string, key: string): Readonly<Record<string, string>> | undefined {
    return this.#find(bucket, key)?.metadata;
  }

  /** Keys of current objects, in S3's order. */
  keys(bucket: string, prefix = ''): string[] {
    return [...this.#bucket(bucket).keys()]
      .filter((key) => key.startsWith(prefix) && this.#find(bucket, key) !== undefined)
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  }

  /** Keys of the requests with a name, in the order they came. */
  requested(name: string): string[] {
    return this.requests.filter((request) => request.name === name).map(({ input }) => input.Key);
  }

  async #send(name: string, input: Input, signal: AbortSignal | undefined): Promise<never> {
    signal?.throwIfAborted();
    this.before(name, input);
    this.requests.push({ name, input });
    return this.#answer(name, input) as never;
  }

  #answer(name: string, input: Input): object {
    const { Bucket, Key } = input;
    switch (name) {
      case 'PutObject':
        this.#requireCondition(input);
        return { VersionId: this.put(Bucket, Key, { body: textOf(input['Body']) }) };
      case 'GetObject': {
        const version = this.#require(input);
        const Body = Object.assign(Readable.from([Buffer.from(version.body)]), {
          transformToString: () => Promise.resolve(version.body),
        });
        return { ...headOf(version), Body };
      }
      case 'HeadObject':
        return headOf(this.#require(input));
      case 'GetObjectTagging':
        return { TagSet: Object.entries(this.#require(input).tags).map(([Key, Value]) => ({ Key, Value })) };
      case 'ListObjectsV2':
        return 'Delimiter' in input ? this.#listFolders(input) : this.#listKeys(input);
      case 'DeleteObjects': {
        const { Objects } = input['Delete'] as { Objects: { Key: string }[] };
        // Characters that XML cannot have.
        // oxlint-disable-next-line no-control-regex -- the characters that the expression is about
        if (Objects.some((one) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(one.Key))) {
          throw s3Error('MalformedXML', 400);
        }
        for (const one of Objects) this.#delete(Bucket, one.Key);
        return {};
      }
      case 'DeleteObject':
        this.#delete(Bucket, Key);
        return {};
      case 'CopyObject': {
        const { versionId: _version, ...source } = this.#copySource(input);
        this.#requireCondition(input);
        return { VersionId: this.put(Bucket, Key, { ...source, storageClass: textOf(input['StorageClass']) }) };
      }
      default:
        return this.#answerMultipart(name, input);
    }
  }

  #answerMultipart(name: string, input: Input): object {
    const UploadId = textOf(input['UploadId'] ?? `upload-${++this.#count}`);
    switch (name) {
      case 'CreateMultipartUpload':
        this.#uploads.set(UploadId, { input, source: {} as Version });
        return { UploadId };
      case 'UploadPartCopy':
        this.#uploads.set(UploadId, { ...this.#uploads.get(UploadId)!, source: this.#copySource(input) });
        return { CopyPartResult: { ETag: '"part"' } };
      case 'AbortMultipartUpload':
        return {};
      case 'CompleteMultipartUpload': {
        const { input: created, source } = this.#uploads.get(UploadId)!;
        const tags = Object.fromEntries(new URLSearchParams(textOf(created['Tagging'])));
        const metadata = created['Metadata'] as Record<string, string>;
        const versionId = this.put(input.Bucket, input.Key, { ...source, tags, metadata, withoutChecksum: true });
        return { VersionId: versionId };
      }
      default:
        throw new Error(`this fake has no ${name}`);
    }
  }

  #listKeys(input: Input): object {
    const after = textOf(input['ContinuationToken'] ?? input['StartAfter'] ?? '');
    const keys = this.keys(input.Bucket, textOf(input['Prefix'] ?? '')).filter(
      (key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0,
    );
    const page = keys.slice(0, this.pageSize);
    return {
      EncodingType: input['EncodingType'],
      Contents: page.map((key) => ({
        Key: listed(key, input),
        LastModified: this.#find(input.Bucket, key)?.lastModified,
      })),
      ...(keys.length > page.length ? { NextContinuationToken: page.at(-1) } : {}),
    };
  }

  #listFolders(input: Input): object {
    const prefix = textOf(input['Prefix'] ?? '');
    const folders = this.keys(input.Bucket, prefix).flatMap((key) => {
      const end = key.indexOf('/', prefix.length);
      return end < 0 ? [] : key.slice(0, end + 1);
    });
    return {
      EncodingType: input['EncodingType'],
      CommonPrefixes: [...new Set(folders)].map((folder) => ({ Prefix: listed(folder, input) })),
    };
  }

  #copySource(input: Input): Version {
    const [path = '', versionId] = textOf(input['CopySource']).split('?versionId=');
    const [bucket = '', ...key] = path.split('/').map(decodeURIComponent);
    const source = this.#find(bucket, key.join('/'), versionId);
    if (source === undefined) throw s3Error(versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion', 404);
    const { CopySourceIfMatch } = input;
    if (CopySourceIfMatch !== undefined && CopySourceIfMatch !== `"${source.etag}"`) {
      throw s3Error('PreconditionFailed', 412);
    }
    return source;
  }

  #requireCondition({ Bucket, Key, IfNoneMatch, IfMatch }: Input): void {
    const current = this.#find(Bucket, Key);
    if (IfMatch !== undefined && current === undefined) throw s3Error('NoSuchKey', 404);
    if (IfNoneMatch === '*' && current !== undefined) throw s3Error('PreconditionFailed', 412);
    if (IfMatch !== undefined && IfMatch !== `"${current?.etag ?? ''}"`) throw s3Error('PreconditionFailed', 412);
  }

  #require({ Bucket, Key, VersionId }: Input): Version {
    const found = this.#find(Bucket, Key, VersionId as string | undefined);
    if (found === undefined) throw s3Error('NoSuchKey', 404);
    return found;
  }

  #delete(bucket: string, key: string): void {
    const marker = { versionId: this.put(bucket, key), deleted: true };
    const versions = this.#versions(bucket, key);
    versions.push({ ...versions.pop()!, ...marker });
  }

  #find(bucket: string, key: string, versionId?: string): Version | undefined {
    const versions = this.#versions(bucket, key);
    const found = versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
    return found?.deleted === true ? undefined : found;
  }

  #versions(bucket: string, key: string): Version[] {
    const versions = this.#bucket(bucket).get(key) ?? [];
    this.#bucket(bucket).set(key, versions);
    return versions;
  }

  #bucket(name: string): Map<string, Version[]> {
    const bucket = this.#buckets.get(name) ?? new Map<string, Version[]>();
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

/** Key as S3 lists it; its XML gives CR as LF, as parsers do. */
function listed(key: string, { EncodingType }: Input): string {
  if (EncodingType !== 'url') return key.replaceAll('\r', '\n');
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Answer of S3 that is an error. */
export function s3Error(name: string, httpStatusCode: number, message = name): S3ServiceException {
  return new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode, requestId: 'R-1' } });
}

function headOf({ body, metadata, contentType, storageClass, versionId, etag, withoutChecksum }: Version): object {
  return {
    VersionId: versionId,
    ETag: `"${etag}"`,
    ContentLength: Buffer.byteLength(body),
    Metadata: metadata,
    ContentType: contentType,
    StorageClass: storageClass,
    ...(withoutChecksum ? {} : { ChecksumSHA256: createHash('sha256').update(body).digest('base64') }),
  };
}
