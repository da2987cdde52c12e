import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageFailed } from './failures';

export interface S3Bucket {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

/** Text in a bucket, with the mark that a conditional write is made on. */
export interface Written {
  readonly text: string;
  readonly etag: string;
}

/** A bucket as a store of small texts: journal, manifests, reports. */
export interface Texts {
  read(key: string): Promise<Written | undefined>;
  write(key: string, text: string, contentType?: string): Promise<void>;
  /** Writes only over what was read (undefined: over nothing), and says whether it did. */
  writeIfUnchanged(key: string, text: string, before: Written | undefined): Promise<boolean>;
  /** The keys with a prefix after a key, in order, one page at a time. */
  pages(prefix: string, after?: string): AsyncIterable<readonly string[]>;
  /** What lies between a prefix and the next `/`, each once, as `name/`. */
  folders(prefix: string): Promise<string[]>;
  /** Deletes the current versions. */
  remove(keys: readonly string[]): Promise<void>;
}

/** Reads. Needs `s3:GetObject` and, so that absence is 404, `s3:ListBucket`. */
export function reading({ client, bucket: Bucket, signal: abortSignal }: S3Bucket): Pick<Texts, 'read'> {
  return {
    async read(Key) {
      try {
        const { Body, ETag = '' } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
        return { text: (await Body?.transformToString()) ?? '', etag: ETag };
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
}

/** Writes, on a condition or without. Needs `s3:PutObject`. */
export function writing({
  client,
  bucket: Bucket,
  signal: abortSignal,
}: S3Bucket): Pick<Texts, 'write' | 'writeIfUnchanged'> {
  const put = (Key: string, Body: string, conditions: object, ContentType = 'application/json') =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, ...conditions }), { abortSignal });
  return {
    async write(key, text, contentType) {
      await put(key, text, {}, contentType);
    },
    async writeIfUnchanged(key, text, before) {
      try {
        await put(key, text, before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before.etag });
        return true;
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        // 409: another conditional write was under way; 404: what was read has gone.
        if (status === 412 || status === 409 || (status === 404 && before !== undefined)) return false;
        throw error;
      }
    },
  };
}

/** Lists. Needs `s3:ListBucket`. */
export function listing({ client, bucket: Bucket, signal: abortSignal }: S3Bucket): Pick<Texts, 'pages' | 'folders'> {
  return {
    async *pages(Prefix, StartAfter) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, StartAfter, ContinuationToken }), {
          abortSignal,
        });
        yield (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async folders(Prefix) {
      const found: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken }),
          { abortSignal },
        );
        found.push(...(page.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').slice(Prefix.length)));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
  };
}

/** Removes. Needs `s3:DeleteObject`. */
export function removing({ client, bucket: Bucket, signal: abortSignal }: S3Bucket): Pick<Texts, 'remove'> {
  return {
    async remove(keys) {
      if (keys.length === 0) return;
      const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }), { abortSignal });
      if (Errors.length > 0) {
        throw new StorageFailed(`${Errors.length} objects were not deleted (${Errors[0]?.Code ?? 'no code'})`);
      }
    },
  };
}
