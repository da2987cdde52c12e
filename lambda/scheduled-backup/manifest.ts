import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Day } from './day';

/** A checksum that both the source and its copy were seen to have: S3's own, the ETag, or SHA-256 of the bytes as read. */
export const checksumSchema = z.object({
  algorithm: z.enum(['CRC64NVME', 'CRC32', 'CRC32C', 'SHA1', 'SHA256', 'ETAG', 'READ-SHA256']),
  value: z.string(),
});

export type Checksum = z.output<typeof checksumSchema>;

/** Why an object is not in a backup, though nothing failed. */
export const skipReasons = ['archived', 'key-too-long', 'deleted'] as const;

export type SkipReason = (typeof skipReasons)[number];

/** One object of a backup: a line of a manifest part. */
export const entrySchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('copied'),
    key: z.string(),
    /** The source's version that was copied; `null` where the source keeps no versions. */
    version: z.string(),
    /** The copy's version in the Backup bucket. */
    copyVersion: z.string(),
    size: z.number(),
    etag: z.string(),
    checksum: checksumSchema,
  }),
  z.object({ status: z.literal('skipped'), key: z.string(), size: z.number(), reason: z.enum(skipReasons) }),
  z.object({ status: z.literal('failed'), key: z.string(), size: z.number(), reason: z.string() }),
]);

export type Entry = z.output<typeof entrySchema>;
export type CopiedEntry = Extract<Entry, { status: 'copied' }>;

/** How many objects ended how, and the bytes of those that were copied. */
export const countsSchema = z.object({
  copied: z.number(),
  skipped: z.number(),
  failed: z.number(),
  bytes: z.number(),
});

export type Counts = z.output<typeof countsSchema>;

/** A key of a manifest's worst, with what is wrong with it. */
export const findingSchema = z.object({ key: z.string(), reason: z.string() });

export type Finding = z.output<typeof findingSchema>;

/** The small end of a manifest, written last: without it a day has no backup. */
export const summarySchema = z.object({
  day: z.string(),
  /** `incomplete`: objects failed or their copies do not match; the run failed, and the day can be run again. */
  status: z.enum(['complete', 'incomplete']),
  run: z.string(),
  scheduledTime: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  source: z.string(),
  parts: z.object({ prefix: z.string(), count: z.number() }),
  counts: countsSchema,
  mismatched: z.number(),
  /** The first objects that failed or mismatched. */
  findings: z.array(findingSchema),
});

export type Summary = z.output<typeof summarySchema>;

/** Where everything of a manifest lies: no copy can, since copies lie under a day. */
export const manifestsPrefix = '_manifests/';

export const noCounts: Counts = { copied: 0, skipped: 0, failed: 0, bytes: 0 };

export function summaryKey(day: Day): string {
  return `${manifestsPrefix}${day}/summary.json`;
}

/** Each run writes parts of its own, so that one that was cut off leaves nothing among those of the next. */
export function partsPrefix(day: Day, run: string): string {
  return `${manifestsPrefix}${day}/${run}/`;
}

export function partKey(day: Day, run: string, number: number): string {
  return `${partsPrefix(day, run)}part-${String(number).padStart(6, '0')}.ndjson`;
}

/** The copy's key. */
export function copyKey(day: Day, key: string): string {
  return `${day}/${key}`;
}

/** S3's limit for a key, in bytes of UTF-8. */
const longestKey = 1024;

export function fitsUnderDay(day: Day, key: string): boolean {
  return Buffer.byteLength(copyKey(day, key)) <= longestKey;
}

/** The bytes of a key that its record's name starts with: what is the same up to there is told apart by a hash. */
const orderedBytes = 200;

/** A name for what is recorded of a batch, by its first key: names sort as S3 sorts the keys, and suit any key. */
export function recordName(firstKey: string): string {
  const bytes = Buffer.from(firstKey);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${bytes.subarray(0, orderedBytes).toString('hex')}-${hash}`;
}

export function toLines(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** @throws ZodError where a line is no entry */
export function fromLines(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => entrySchema.parse(JSON.parse(line)));
}

export function count(counts: Counts, entries: readonly Entry[]): Counts {
  const sum = { ...counts };
  for (const entry of entries) {
    sum[entry.status] += 1;
    if (entry.status === 'copied') sum.bytes += entry.size;
  }
  return sum;
}
