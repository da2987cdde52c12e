import type { Checksum } from './manifest';

export interface Place {
  readonly bucket: string;
  readonly key: string;
  /** Absent: the current version. */
  readonly versionId?: string;
}

/** The headers that a copy in parts has to be given again; a copy in one piece keeps them by itself. */
export interface Headers {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
}

/** What S3 says of one version of an object. */
export interface Head {
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly storageClass: string;
  /** It has to be brought back from an archive before it can be read. */
  readonly archived: boolean;
  /** Checksums over the whole object that S3 keeps; those over parts say nothing across different parts. */
  readonly checksums: readonly Checksum[];
  readonly headers: Headers;
  readonly metadata: Readonly<Record<string, string>>;
}

export type Tags = Readonly<Record<string, string>>;

/** What copying needs of the object store. */
export interface Objects {
  /** Undefined where there is no such object, or the version is a delete marker. */
  head(place: Place): Promise<Head | undefined>;
  tags(place: Place): Promise<Tags>;
  /** Copies the version that `head` was asked of, and gives the copy's version. */
  copy(from: Place, head: Head, to: Place): Promise<string | undefined>;
  /** The same in parts, for what is too large for one piece. */
  copyInParts(from: Place, head: Head, tags: Tags, to: Place, partBytes: number): Promise<string | undefined>;
  /** SHA-256 of the bytes as read, in hexadecimal. */
  readSha256(place: Place): Promise<string>;
}

/** What S3 takes in one CopyObject, and the largest and smallest part of an upload in parts. */
export const limits = {
  copyBytes: 5 * 1024 ** 3,
  smallestPart: 5 * 1024 ** 2,
  largestPart: 5 * 1024 ** 3,
  parts: 10_000,
} as const;

/** Parts that keep a copy quick: many at once, each of them seconds. */
const usualPart = 256 * 1024 ** 2;

/** Bytes of each part of a copy: small enough to go side by side, large enough for S3's 10,000 parts. */
export function partBytes(size: number, thresholdBytes: number): number {
  const wanted = Math.min(usualPart, Math.floor(thresholdBytes / 2));
  const least = Math.max(limits.smallestPart, Math.ceil(size / limits.parts));
  return Math.min(limits.largestPart, Math.max(wanted, least));
}

/** The first and last byte of each part. */
export function partRanges(size: number, bytes: number): { readonly first: number; readonly last: number }[] {
  const number = Math.ceil(size / bytes);
  return Array.from({ length: number }, (_, index) => ({
    first: index * bytes,
    last: Math.min(size, (index + 1) * bytes) - 1,
  }));
}
