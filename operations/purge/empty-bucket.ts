import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { isXmlText } from '../../lambda/shared/xml-text';

export interface BucketRef {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Account that must own the bucket: names of deleted buckets are free for everyone. */
  readonly owner: string;
}

export interface BucketContent {
  /** Versions and delete markers. */
  readonly entries: number;
  readonly bytes: number;
}

export interface Emptying extends BucketRef {
  readonly signal?: AbortSignal;
  /** Receives the number of entries that were deleted so far. */
  readonly onProgress?: (deleted: number) => void;
}

/** Pages that are deleted at the same time; a page has up to 1,000 entries, S3's limit of one request. */
const pagesInFlight = 8;
/** Each pass lists the bucket anew, for what arrived meanwhile (access logs) and what S3 was too busy to delete. */
const mostPasses = 10;

/** Counts what a bucket holds. */
export async function measureBucket(ref: BucketRef): Promise<BucketContent> {
  let [entries, bytes] = [0, 0];
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(ref)) {
    entries += Versions.length + DeleteMarkers.length;
    bytes += Versions.reduce((sum, { Size = 0 }) => sum + Size, 0);
  }
  return { entries, bytes };
}

/**
 * Deletes all versions and delete markers of a bucket.
 *
 * @returns number of deleted entries
 * @throws Error with S3's reason where entries stay
 */
export async function emptyBucket(emptying: Emptying): Promise<number> {
  const { bucket, onProgress, signal } = emptying;
  let deleted = 0;
  let refused: string | undefined;
  const deletePage = async (page: ListObjectVersionsCommandOutput): Promise<number> => {
    signal?.throwIfAborted();
    const entries = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '', VersionId }) => ({
      Key: decodedKey(Key, page.EncodingType),
      VersionId,
    }));
    const reasons = await deleteEntries(emptying, entries);
    refused ??= reasons[0];
    deleted += entries.length - reasons.length;
    onProgress?.(deleted);
    return entries.length;
  };
  for (let pass = 0; pass < mostPasses; pass++) {
    const before = deleted;
    refused = undefined;
    const listed = await pMap(pagesOf(emptying), deletePage, { concurrency: pagesInFlight });
    if (listed.every((count) => count === 0)) return deleted;
    if (deleted === before) break;
  }
  throw new Error(`${bucket} is not empty: ${refused ?? 'something writes to it'}`);
}

async function* pagesOf({ s3, bucket, owner }: BucketRef): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      // Without URL encoding, keys with characters that XML cannot carry come back changed.
      new ListObjectVersionsCommand({ Bucket: bucket, ExpectedBucketOwner: owner, EncodingType: 'url', ...marker }),
    );
    yield page;
    const { IsTruncated, NextKeyMarker = '', NextVersionIdMarker, EncodingType } = page;
    marker =
      IsTruncated === true
        ? { KeyMarker: decodedKey(NextKeyMarker, EncodingType), VersionIdMarker: NextVersionIdMarker }
        : undefined;
  }
}

/** S3 writes a blank as `+` in URL-encoded listings. */
function decodedKey(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}

/** @returns a reason for each entry that was not deleted */
async function deleteEntries(ref: BucketRef, entries: readonly ObjectIdentifier[]): Promise<string[]> {
  const target = { Bucket: ref.bucket, ExpectedBucketOwner: ref.owner };
  // DeleteObjects is XML, and S3 refuses a whole request that cannot be read.
  const [batch, single] = [true, false].map((fits) => entries.filter(({ Key = '' }) => isXmlText(Key) === fits));
  const reasons: string[] = [];
  if (batch !== undefined && batch.length > 0) {
    const { Errors = [] } = await ref.s3.send(
      new DeleteObjectsCommand({ ...target, Delete: { Objects: [...batch], Quiet: true } }),
    );
    reasons.push(...Errors.map(({ Code, Message }) => `${Code ?? 'unknown'}: ${Message ?? ''}`));
  }
  for (const { Key, VersionId } of single ?? []) {
    await ref.s3.send(new DeleteObjectCommand({ ...target, Key, VersionId }));
  }
  return reasons;
}
