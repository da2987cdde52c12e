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
    archived: isArchived(storageClass, answer),
    missingMetadata: answer.MissingMeta ?? 0,
    checksums: checksumsOfWholeObject(answer),
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    metadata: answer.Metadata ?? {},
  };
}

/** An object that was restored from its archive for some days can be read, and HEAD says so. */
function isArchived(storageClass: string, { ArchiveStatus, Restore }: HeadObjectCommandOutput): boolean {
  const inArchive = archiveClasses.includes(storageClass) || ArchiveStatus !== undefined;
  return inArchive && Restore?.includes('ongoing-request="false"') !== true;
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

/** Headers as the input of CreateMultipartUpload, without `Expires`, whose input is a date and not text. */
export function headersOf(headers: ObjectHeaders) {
  return {
    ContentType: headers.contentType,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    ContentDisposition: headers.contentDisposition,
    CacheControl: headers.cacheControl,
    WebsiteRedirectLocation: headers.websiteRedirectLocation,
  };
}

/** Text that a header can have as it is. */
const headerText = /^[\x20-\x7e]*$/;

/** Bytes of UTF-8 in one encoded word, which may have 75 characters. */
const wordBytes = 45;

/**
 * Metadata as the input of CreateMultipartUpload. S3 returns values with other characters than those of ASCII as encoded words of RFC
 * 2047, and decodes such words before it stores them: those it has returned are passed on. A value that came as raw bytes is encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
 */
export function metadataOf(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, encodedValue(value)]));
}

function encodedValue(value: string): string {
  if (headerText.test(value)) return value;
  // Node.js reads the bytes of a header as Latin-1.
  const text = Buffer.from(value, 'latin1').toString('utf8');
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join(' ');
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
