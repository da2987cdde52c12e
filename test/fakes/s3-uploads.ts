import type { FakeRequest, FakeResponse } from './fake-service';
import type { Bucket, NewObject, StoredVersion } from './s3-bucket';
import { checksumOf, compositeOf, md5, multipartEtag, type ChecksumAlgorithm } from './s3-checksums';
import { attributesOf, bodyOf, givenChecksums, requireWritable, sourceOf, unquoted } from './s3-requests';
import { checksumElements, present, quoted, S3Refusal, xmlResponse } from './s3-responses';
import { element, escaped, readAll } from './s3-xml';

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly attributes: NewObject;
  readonly algorithm: ChecksumAlgorithm;
  readonly checksumType: StoredVersion['checksumType'];
  readonly parts: Map<number, Buffer>;
}

/** Uploads in parts that are under way. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();
  #count = 0;

  constructor(
    private readonly bucketOf: (name: string) => Bucket,
    private readonly smallestPartBytes: number,
  ) {}

  /** Ids of those that were neither completed nor aborted. */
  get open(): string[] {
    return [...this.#uploads.keys()];
  }

  create(bucket: string, key: string, { headers }: FakeRequest): FakeResponse {
    this.bucketOf(bucket);
    const id = `upload-${++this.#count}`;
    const algorithm = (headers['x-amz-checksum-algorithm'] ?? 'CRC64NVME') as ChecksumAlgorithm;
    // Only CRCs can be put together from those of parts.
    const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
    const checksumType = (headers['x-amz-checksum-type'] ?? usual) as Upload['checksumType'];
    if (checksumType === 'FULL_OBJECT' && algorithm.startsWith('SHA')) throw new S3Refusal('InvalidRequest', 400);
    this.#uploads.set(id, {
      bucket,
      key,
      attributes: attributesOf(headers),
      algorithm,
      checksumType,
      parts: new Map(),
    });
    const answer = element('Bucket', escaped(bucket)) + element('Key', escaped(key)) + element('UploadId', id);
    return xmlResponse(element('InitiateMultipartUploadResult', answer));
  }

  uploadPart(request: FakeRequest): FakeResponse {
    const { body, headers } = bodyOf(request);
    givenChecksums(headers, body);
    const etag = this.#keep(request.query, body);
    const { algorithm } = this.#find(request.query);
    const checksum = { [`x-amz-checksum-${algorithm.toLowerCase()}`]: checksumOf(algorithm, body) };
    return { status: 200, headers: { etag: `"${etag}"`, ...checksum } };
  }

  uploadPartCopy({ query, headers }: FakeRequest): FakeResponse {
    const source = sourceOf(headers, this.bucketOf);
    const [, first = '0', last] = /^bytes=(\d+)-(\d+)$/.exec(headers['x-amz-copy-source-range'] ?? '') ?? [];
    if (last !== undefined && Number(last) >= source.body.length) throw new S3Refusal('InvalidArgument', 400);
    const body = source.body.subarray(Number(first), last === undefined ? undefined : Number(last) + 1);
    const etag = this.#keep(query, body);
    const { algorithm } = this.#find(query);
    return xmlResponse(
      element(
        'CopyPartResult',
        element('ETag', quoted(etag)),
        element('LastModified', new Date().toISOString()),
        element(`Checksum${algorithm}`, checksumOf(algorithm, body)),
      ),
    );
  }

  complete({ query, headers, body }: FakeRequest): FakeResponse {
    const { bucket, key, attributes, algorithm, checksumType, parts } = this.#find(query);
    const xml = body.toString();
    const numbers = (readAll(xml, 'PartNumber') ?? []).map(Number);
    const etags = (readAll(xml, 'ETag') ?? []).map(unquoted);
    if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
      throw new S3Refusal('InvalidPartOrder', 400);
    }
    const bodies = numbers.map((number) => parts.get(number) ?? Buffer.alloc(0));
    if (numbers.length === 0) throw new S3Refusal('MalformedXML', 400);
    if (numbers.some((number) => !parts.has(number)) || bodies.some((part, index) => md5(part) !== etags[index])) {
      throw new S3Refusal('InvalidPart', 400);
    }
    if (bodies.slice(0, -1).some((part) => part.length < this.smallestPartBytes))
      throw new S3Refusal('EntityTooSmall', 400);
    requireWritable(headers, this.bucketOf(bucket), key);
    const whole = Buffer.concat(bodies);
    const isComposite = checksumType === 'COMPOSITE';
    const checksum = isComposite ? compositeOf(algorithm, bodies) : checksumOf(algorithm, whole);
    const made = { body: whole, etag: multipartEtag(bodies), checksums: { [algorithm]: checksum }, checksumType };
    const version = this.bucketOf(bucket).put(key, { ...attributes, ...made });
    this.abort(query);
    return xmlResponse(
      element(
        'CompleteMultipartUploadResult',
        element('Bucket', escaped(bucket)),
        element('Key', escaped(key)),
        element('ETag', quoted(version.etag)),
        checksumElements(version),
      ),
      present({ 'x-amz-version-id': this.bucketOf(bucket).versioning === 'Off' ? undefined : version.versionId }),
    );
  }

  abort(query: URLSearchParams): FakeResponse {
    this.#find(query);
    this.#uploads.delete(query.get('uploadId') ?? '');
    return { status: 204 };
  }

  #keep(query: URLSearchParams, body: Buffer): string {
    const number = Number(query.get('partNumber'));
    if (!(number >= 1 && number <= 10_000)) throw new S3Refusal('InvalidArgument', 400);
    this.#find(query).parts.set(number, body);
    return md5(body);
  }

  #find(query: URLSearchParams): Upload {
    const upload = this.#uploads.get(query.get('uploadId') ?? '');
    if (upload === undefined) throw new S3Refusal('NoSuchUpload', 404);
    return upload;
  }
}
