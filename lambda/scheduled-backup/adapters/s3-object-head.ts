import { S3ServiceException, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { StorageFailedError } from '../errors';
import type { Checksum } from '../manifest';
import type { ObjectHead, ObjectHeaders } from '../objects';

const archiveClasses: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

export function headOf(answer: HeadObjectCommandOutput): ObjectHead {
  const storageClass = answer.StorageClass ?? 'STANDARD';
  const headers: Record<keyof ObjectHeaders, string | undefined> = {
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
    archived: archiveClasses.includes(storageClass) || answer.ArchiveStatus !== undefined,
    checksums: checksumsOfWholeObject(answer),
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    metadata: answer.Metadata ?? {},
  };
}

function checksumsOfWholeObject(answer: HeadObjectCommandOutput): Checksum[] {
  const all = [
    { algorithm: 'CRC64NVME', value: answer.ChecksumCRC64NVME },
    { algorithm: 'SHA256', value: answer.ChecksumSHA256 },
    { algorithm: 'SHA1', value: answer.ChecksumSHA1 },
    { algorithm: 'CRC32C', value: answer.ChecksumCRC32C },
    { algorithm: 'CRC32', value: answer.ChecksumCRC32 },
  ] as const;
  // A checksum of checksums ends with the number of parts, `…-3`. For a single part only `COMPOSITE` tells.
  if (answer.ChecksumType === 'COMPOSITE') return [];
  return all.flatMap(({ algorithm, value }) =>
    value === undefined || value.includes('-') ? [] : [{ algorithm, value }],
  );
}

/** Headers as the input of CreateMultipartUpload. */
export function headersOf(headers: ObjectHeaders) {
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

/**
 * Turns S3's answer that an object is absent into undefined: 404 without the name of an error, or 405 if the version is a delete
 * marker.
 */
export async function undefinedIfAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode;
    if (status === 404 || status === 405) return undefined;
    // The answer to HEAD has no body, so the SDK names every error `UnknownError`; only the status tells them apart.
    if (error.message === 'UnknownError') {
      throw new StorageFailedError(`S3 answered HEAD with status ${status}`, { cause: error });
    }
    throw error;
  }
}

/** Status and id of a failed request, as the bucket's access logs have them; nothing of an error that is not S3's. */
export function failedRequestOf(error: unknown): { statusCode?: number; requestId?: string } {
  if (!(error instanceof S3ServiceException)) return {};
  const { httpStatusCode: statusCode, requestId } = error.$metadata;
  return {
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
