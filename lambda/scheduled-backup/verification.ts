import * as z from 'zod/mini';
import { headObject, type S3Access } from './adapters/s3-objects';
import { hasChecksum } from './comparison';
import { maxFindings, type VerifiedPart } from './journal';
import { copyKey, type CopiedEntry, type Entry, type Finding } from './manifest';
import { atVersion, type ObjectHead } from './objects';
import { processUntilDeadline, type ProcessingLimits } from './process-until-deadline';

/** Input of a step of the map over a manifest's parts. */
export const partRequestSchema = z.object({ day: z.string(), run: z.string(), part: z.string() });

/** Result of checking a copy: its HEAD answer, or the reason why it does not match. */
export type CopyCheck =
  | { readonly matches: true; readonly head: ObjectHead }
  | { readonly matches: false; readonly reason: 'missing' | 'other-version' | 'other-checksum' };

/**
 * Checks the copy that is now under its key: it has the checksum recorded for its source, and the version recorded in the manifest
 * exists.
 */
export async function checkCopy(s3: S3Access, bucket: string, day: string, entry: CopiedEntry): Promise<CopyCheck> {
  const ref = { bucket, key: copyKey(day, entry.key) };
  const head = await headObject(s3, ref);
  if (head === undefined) return { matches: false, reason: 'missing' };
  const matches =
    head.size === entry.size && (await hasChecksum(s3, { ref: atVersion(ref, head), head }, entry.checksum));
  if (!matches) return { matches: false, reason: 'other-checksum' };
  if ((head.versionId ?? 'null') === entry.copyVersion) return { matches: true, head };
  // A function that outlives its stopped run copies the same bytes again. The manifest's version is the one that counts.
  const recorded = await headObject(s3, { ...ref, versionId: entry.copyVersion });
  return recorded === undefined ? { matches: false, reason: 'other-version' } : { matches: true, head: recorded };
}

export interface VerificationDependencies extends ProcessingLimits {
  readonly s3: S3Access;
  readonly backupBucket: string;
}

const noResult: VerifiedPart = { checked: 0, mismatched: 0, findings: [], remaining: [] };

/**
 * Verifies the copies of one manifest part until time runs out.
 *
 * @param previous result of an earlier attempt; only the copies that it left are checked, so that a part of any size is finished
 */
export async function verifyPart(
  day: string,
  entries: readonly Entry[],
  dependencies: VerificationDependencies,
  previous?: VerifiedPart,
): Promise<VerifiedPart> {
  const { s3, backupBucket } = dependencies;
  const { results, remaining } = await processUntilDeadline(
    unfinishedCopies(entries, previous),
    dependencies,
    async (entry): Promise<Finding[]> => {
      const check = await checkCopy(s3, backupBucket, day, entry);
      return check.matches ? [] : [{ key: entry.key, reason: check.reason }];
    },
  );
  const { checked, mismatched, findings } = previous ?? noResult;
  const found = results.flat();
  return {
    checked: checked + results.length,
    mismatched: mismatched + found.length,
    findings: [...findings, ...found].slice(0, maxFindings),
    remaining: remaining.map(({ key }) => key),
  };
}

/** Returns the copied entries of a part that no earlier attempt has finished. */
export function unfinishedCopies(
  entries: readonly Entry[],
  previous: { readonly remaining: readonly string[] } | undefined,
): CopiedEntry[] {
  const copied = entries.filter((entry) => entry.status === 'copied');
  if (previous === undefined) return copied;
  const remaining = new Set(previous.remaining);
  return copied.filter(({ key }) => remaining.has(key));
}
