import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Day } from './day';

/** Checksum that both the source and its copy have: S3's own, the ETag, or SHA-256 of the bytes that were read. */
export const checksumSchema = z.object({
  algorithm: z.enum(['CRC64NVME', 'CRC32', 'CRC32C', 'SHA1', 'SHA256', 'ETAG', 'READ-SHA256']),
  value: z.string(),
});

export type Checksum = z.output<typeof checksumSchema>;

/** Reasons why an object is not in a backup although nothing failed. */
export const skipReasons = ['archived', 'key-too-long', 'deleted'] as const;

export type SkipReason = (typeof skipReasons)[number];

/** Entry of one object: a line of a manifest part. */
export const entrySchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('copied'),
    key: z.string(),
    /** Version of the source that was copied; `null` if the source bucket has no versioning. */
    version: z.string(),
    /** Version of the copy in the Backup bucket. */
    copyVersion: z.string(),
    size: z.number(),
    etag: z.string(),
    checksum: checksumSchema,
    /** Storage class of the source; the copy may have moved to another one. Older manifests lack it. */
    storageClass: z.optional(z.string()),
  }),
  z.object({ status: z.literal('skipped'), key: z.string(), size: z.number(), reason: z.enum(skipReasons) }),
  z.object({ status: z.literal('failed'), key: z.string(), size: z.number(), reason: z.string() }),
]);

export type Entry = z.output<typeof entrySchema>;
export type CopiedEntry = Extract<Entry, { status: 'copied' }>;

/** Numbers of objects by status, and the bytes of the copied ones. */
export const countsSchema = z.object({
  copied: z.number(),
  skipped: z.number(),
  failed: z.number(),
  bytes: z.number(),
});

export type Counts = z.output<typeof countsSchema>;

/** Key of an object that failed or does not match, with the reason. */
export const findingSchema = z.object({ key: z.string(), reason: z.string() });

export type Finding = z.output<typeof findingSchema>;

/** Summary of a manifest, written last: a day without it has no backup. */
export const summarySchema = z.object({
  day: z.string(),
  /** `incomplete`: objects failed or copies do not match; the run has failed, and the day can be started again. */
  status: z.enum(['complete', 'incomplete']),
  run: z.string(),
  scheduledTime: z.string(),
  startedAt: z.string(),
  finishedAt: z.iso.datetime(),
  /** End of the last verification. */
  verifiedAt: z.optional(z.iso.datetime()),
  source: z.string(),
  parts: z.object({ prefix: z.string(), count: z.number() }),
  counts: countsSchema,
  mismatched: z.number(),
  /** First objects that failed or do not match. */
  findings: z.array(findingSchema),
});

export type Summary = z.output<typeof summarySchema>;

/** Parses the text of a summary; undefined if it is not one. */
export function parseSummary(text: string): Summary | undefined {
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Folder of all manifests. No copy can have a key in it, since the keys of copies begin with a day. */
export const manifestsPrefix = '_manifests/';

export const noCounts: Counts = { copied: 0, skipped: 0, failed: 0, bytes: 0 };

export function summaryKey(day: Day): string {
  return `${manifestsPrefix}${day}/summary.json`;
}

/** Folder of a run's manifest parts. Each run has its own, so that an interrupted run leaves nothing among the next one's. */
export function partsPrefix(day: Day, run: string): string {
  return `${manifestsPrefix}${day}/${run}/`;
}

export function partKey(day: Day, run: string, number: number): string {
  return `${partsPrefix(day, run)}part-${String(number).padStart(6, '0')}.ndjson`;
}

export function copyKey(day: Day, key: string): string {
  return `${day}/${key}`;
}

/** S3's limit for a key, in bytes of UTF-8. */
const maxKeyBytes = 1024;

export function fitsUnderDay(day: Day, key: string): boolean {
  return Buffer.byteLength(copyKey(day, key)) <= maxKeyBytes;
}

/** Bytes of a key that a record's name begins with; keys that are equal up to there differ in the hash. */
const orderedBytes = 200;

/** Name of a batch's record, made from its first key: names sort as S3 sorts the keys, and any key has a valid one. */
export function recordName(firstKey: string): string {
  const bytes = Buffer.from(firstKey);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${bytes.subarray(0, orderedBytes).toString('hex')}-${hash}`;
}

export function toLines(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** @throws ZodError if a line is not an entry */
export function fromLines(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => entrySchema.parse(JSON.parse(line)));
}

/** Adds entries to counts. */
export function addToCounts(counts: Counts, entries: readonly Entry[]): Counts {
  const sum = { ...counts };
  for (const entry of entries) {
    sum[entry.status] += 1;
    if (entry.status === 'copied') sum.bytes += entry.size;
  }
  return sum;
}
