import type { Checksum } from './manifest';

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  /** @default the current version */
  readonly versionId?: string;
}

/** Headers that a multipart copy has to be given; a copy in one request keeps them. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
}

/** S3's HEAD answer for one version of an object. */
export interface ObjectHead {
  /** Undefined in a bucket without versioning. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly storageClass: string;
  /** The object has to be restored from an archive before it can be read. */
  readonly archived: boolean;
  /** Number of metadata entries that S3 does not return, since a header cannot have their characters. */
  readonly missingMetadata: number;
  /** Checksums over the whole object. A checksum of checksums is left out: it depends on the size of the parts. */
  readonly checksums: readonly Checksum[];
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
}

export type Tags = Readonly<Record<string, string>>;

/** Storage classes whose objects can be read at once. */
const readableClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];

/** Storage class of a copy: that of the original, or STANDARD if objects of that class could not be read, compared and restored. */
export function readableClass(storageClass: string): string {
  return readableClasses.includes(storageClass) ? storageClass : 'STANDARD';
}

/** The same object in exactly the version that HEAD answered for. */
export function atVersion(ref: ObjectRef, head: ObjectHead): ObjectRef {
  return head.versionId === undefined ? ref : { ...ref, versionId: head.versionId };
}

/** S3's limits for CopyObject and for the parts of a multipart upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const limits = {
  copyBytes: 5 * 1024 ** 3,
  smallestPart: 5 * 1024 ** 2,
  largestPart: 5 * 1024 ** 3,
  parts: 10_000,
} as const;

/** Part size at which each part takes seconds and many are copied at once. */
const usualPart = 256 * 1024 ** 2;

/** Bytes of each part of a copy: small enough to copy in parallel, large enough for S3's 10,000 parts. */
export function partBytes(size: number, thresholdBytes: number): number {
  const wanted = Math.min(usualPart, Math.floor(thresholdBytes / 2));
  const least = Math.max(limits.smallestPart, Math.ceil(size / limits.parts));
  return Math.min(limits.largestPart, Math.max(wanted, least));
}

/** First and last byte of each part. */
export function partRanges(size: number, bytes: number): { readonly first: number; readonly last: number }[] {
  return Array.from({ length: Math.ceil(size / bytes) }, (_, index) => ({
    first: index * bytes,
    last: Math.min(size, (index + 1) * bytes) - 1,
  }));
}
