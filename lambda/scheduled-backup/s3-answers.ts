import { S3ServiceException, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { StorageFailed } from './failures';
import type { Checksum } from './manifest';
import type { Head, Headers } from './objects';

const archives: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** What a HEAD answer says. */
export function headOf(answer: HeadObjectCommandOutput): Head {
  const storageClass = answer.StorageClass ?? 'STANDARD';
  const headers: Record<keyof Headers, string | undefined> = {
    contentType: answer.ContentType,
    contentEncoding: answer.ContentEncoding,
    contentLanguage: answer.ContentLanguage,
    contentDisposition: answer.ContentDisposition,
    cacheControl: answer.CacheControl,
    expires: answer.ExpiresString,
    websiteRedirectLocation: answer.WebsiteRedirectLocation,
  };
  return {
    ...(answer.VersionId === undefined ? {} : { versionId: answer.VersionId }),
    etag: (answer.ETag ?? '').replace(/^"|"$/g, ''),
    size: answer.ContentLength ?? 0,
    storageClass,
    archived: archives.includes(storageClass) || answer.ArchiveStatus !== undefined,
    checksums: wholeChecksums(answer),
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    metadata: answer.Metadata ?? {},
  };
}

function wholeChecksums(answer: HeadObjectCommandOutput): Checksum[] {
  const all = [
    { algorithm: 'CRC64NVME', value: answer.ChecksumCRC64NVME },
    { algorithm: 'SHA256', value: answer.ChecksumSHA256 },
    { algorithm: 'SHA1', value: answer.ChecksumSHA1 },
    { algorithm: 'CRC32C', value: answer.ChecksumCRC32C },
    { algorithm: 'CRC32', value: answer.ChecksumCRC32 },
  ] as const;
  // One over parts ends with their number, `…-3`; and `COMPOSITE` says it where one part was all.
  if (answer.ChecksumType === 'COMPOSITE') return [];
  return all.flatMap(({ algorithm, value }) =>
    value === undefined || value.includes('-') ? [] : [{ algorithm, value }],
  );
}

/** Headers as an upload in parts is begun with. */
export function headersOf(headers: Headers) {
  return {
    ContentType: headers.contentType,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    ContentDisposition: headers.contentDisposition,
    CacheControl: headers.cacheControl,
    Expires: headers.expires === undefined ? undefined : new Date(headers.expires),
    WebsiteRedirectLocation: headers.websiteRedirectLocation,
  };
}

/** S3 answers 404 to HEAD without naming the error, and 405 where the version is a delete marker. */
export async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode;
    if (status === 404 || status === 405) return undefined;
    // The answer to HEAD has no body, so the SDK calls every refusal `UnknownError`; only the status tells.
    if (error.message === 'UnknownError') {
      throw new StorageFailed(`S3 answered HEAD with status ${status}`, { cause: error });
    }
    throw error;
  }
}

/** What finds a refused request again in the bucket's access logs; nothing of another error. */
export function refusalOf(error: unknown): { statusCode?: number; requestId?: string } {
  if (!(error instanceof S3ServiceException)) return {};
  const { httpStatusCode: statusCode, requestId } = error.$metadata;
  return {
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
