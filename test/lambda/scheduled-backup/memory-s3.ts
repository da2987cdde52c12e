import { S3ServiceException } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';

interface Stored {
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

type Input = Readonly<Record<string, unknown>> & {
  readonly Bucket: string;
  readonly Key: string;
  readonly Prefix?: string;
};

/** What the handlers ask of S3, answered from memory: buckets without versions, listed in one page. */
export class MemoryS3 {
  readonly buckets = new Map<string, Map<string, Stored>>();
  /** Called before each request: what it throws is S3's answer. */
  before: (name: string, input: Input) => void = () => undefined;

  put(bucket: string, key: string, object: Partial<Stored>): void {
    this.#bucket(bucket).set(key, { body: '', tags: {}, metadata: {}, ...object });
  }

  keys(bucket: string, prefix = ''): string[] {
    const keys = [...this.#bucket(bucket).keys()].filter((key) => key.startsWith(prefix));
    return keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  }

  text(bucket: string, key: string): string {
    return this.#find(bucket, key).body;
  }

  /** Stands in for `S3Client.prototype.send`. */
  readonly send = (command: { readonly input: unknown }): Promise<unknown> => {
    const { name } = command.constructor;
    const input = command.input as Input;
    try {
      this.before(name, input);
      return Promise.resolve(this.#answer(name, input));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };

  #answer(name: string, input: Input): unknown {
    const { Bucket, Key, Prefix = '' } = input;
    switch (name) {
      case 'PutObjectCommand':
        return this.#put(input);
      case 'GetObjectCommand': {
        const { body, ...object } = this.#find(Bucket, Key);
        const bytes = { transformToString: () => Promise.resolve(body) };
        return { ...headers({ body, ...object }), Body: bytes };
      }
      case 'HeadObjectCommand':
        return headers(this.#find(Bucket, Key));
      case 'GetObjectTaggingCommand':
        return { TagSet: Object.entries(this.#find(Bucket, Key).tags).map(([name, Value]) => ({ Key: name, Value })) };
      case 'ListObjectsV2Command':
        return 'Delimiter' in input
          ? { CommonPrefixes: this.#folders(Bucket, Prefix) }
          : { Contents: this.keys(Bucket, Prefix).map((one) => ({ Key: one })) };
      case 'CopyObjectCommand': {
        const [bucket = '', ...path] = String(input['CopySource']).split('/');
        this.#bucket(Bucket).set(Key, this.#find(bucket, path.map(decodeURIComponent).join('/')));
        return {};
      }
      default:
        throw new Error(`the memory knows no ${name}`);
    }
  }

  #put(input: Input): unknown {
    const { Bucket, Key } = input;
    const there = this.#bucket(Bucket).has(Key);
    if (there && input['IfNoneMatch'] === '*') throw refusal('PreconditionFailed', 412);
    this.put(Bucket, Key, { body: String(input['Body']) });
    return {};
  }

  #folders(bucket: string, prefix: string): { Prefix: string }[] {
    const names = this.keys(bucket, prefix).flatMap((key) => {
      const end = key.indexOf('/', prefix.length);
      return end < 0 ? [] : key.slice(0, end + 1);
    });
    return [...new Set(names)].map((Prefix) => ({ Prefix }));
  }

  #find(bucket: string, key: string): Stored {
    const found = this.#bucket(bucket).get(key);
    if (found === undefined) throw refusal('NoSuchKey', 404);
    return found;
  }

  #bucket(name: string): Map<string, Stored> {
    const bucket = this.buckets.get(name) ?? new Map<string, Stored>();
    this.buckets.set(name, bucket);
    return bucket;
  }
}

/** An answer of S3 that is no success. */
export function refusal(name: string, httpStatusCode: number, message = name): S3ServiceException {
  return new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode, requestId: 'R-1' } });
}

function headers({ body, metadata, contentType }: Stored): object {
  const sha256 = createHash('sha256').update(body).digest('base64');
  return {
    ETag: `"${sha256}"`,
    ContentLength: Buffer.byteLength(body),
    ChecksumSHA256: sha256,
    Metadata: metadata,
    ContentType: contentType,
  };
}
