import * as z from 'zod/mini';
import { isBusy } from '../shared/service-busy';
import { headObject, type S3Access } from './adapters/s3-objects';
import { hasChecksum } from './comparison';
import { maxFindings, type VerifiedPart } from './journal';
import { copyKey, type CopiedEntry, type Entry, type Finding } from './manifest';
import { atVersion, type ObjectHead, type ObjectRef } from './objects';
import { processUntilDeadline, type ProcessingLimits } from './process-until-deadline';

/** Input of a step of the map over a manifest's parts. */
export const partRequestSchema = z.object({ day: z.string(), run: z.string(), part: z.string() });

/** Reasons why a copy does not match its entry. */
const mismatches = ['missing', 'other-version', 'other-checksum', 'OutOfTime'] as const;

/** Returns whether a finding is one of a verification. */
export function isMismatch(reason: string): boolean {
  return mismatches.some((mismatch) => mismatch === reason);
}

/** Result of checking a copy. */
export type CopyCheck =
  | { readonly matches: true; readonly head: ObjectHead }
  | {
      readonly matches: false;
      readonly reason: (typeof mismatches)[number];
      /** Version with the recorded bytes: the recorded one under a newer one, or for `other-version` the current one. */
      readonly intact?: ObjectHead;
    };

/**
 * Checks the copy that is now under its key: it has the checksum recorded for its source, and the version recorded in the manifest
 * exists.
 */
export async function checkCopy(s3: S3Access, bucket: string, day: string, entry: CopiedEntry): Promise<CopyCheck> {
  const ref = { bucket, key: copyKey(day, entry.key) };
  const head = await headObject(s3, ref);
  const matches = head !== undefined && (await isIntact(s3, ref, head, entry));
  if (matches && (head.versionId ?? 'null') === entry.copyVersion) return { matches: true, head };
  const recorded = await headObject(s3, { ...ref, versionId: entry.copyVersion });
  if (matches) {
    // A function that outlives its stopped run copies the same bytes again. The manifest's version is the one that counts.
    return recorded === undefined
      ? { matches: false, reason: 'other-version', intact: head }
      : { matches: true, head: recorded };
  }
  const reason = head === undefined ? 'missing' : 'other-checksum';
  return recorded !== undefined && (await isIntact(s3, ref, recorded, entry))
    ? { matches: false, reason, intact: recorded }
    : { matches: false, reason };
}

async function isIntact(
  s3: S3Access,
  ref: ObjectRef,
  head: ObjectHead,
  { size, checksum }: CopiedEntry,
): Promise<boolean> {
  return head.size === size && (await hasChecksum(s3, { ref: atVersion(ref, head), head }, checksum));
}

export interface VerificationDependencies extends ProcessingLimits {
  readonly s3: S3Access;
  readonly backupBucket: string;
  /** Called for a copy that S3 is too busy to show: it remains, and the next attempt waits. */
  readonly onBusy: (error: Error) => void;
}

const noResult: VerifiedPart = { checked: 0, mismatched: 0, findings: [], remaining: [], cutOffs: [] };

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
  const { s3, backupBucket, timeLimit, onBusy } = dependencies;
  const busy: string[] = [];
  const { results, remaining, cutOffs } = await processUntilDeadline(
    {
      items: unfinishedCopies(entries, previous),
      cutOffs: new Map(previous?.cutOffs),
      process: async (entry): Promise<Finding[]> => {
        try {
          const check = await checkCopy(s3, backupBucket, day, entry);
          return check.matches ? [] : [{ key: entry.key, reason: check.reason }];
        } catch (error) {
          // It must not take the results of the others with it: a part has ten thousand.
          if (timeLimit.signal.aborted || !isBusy(error)) throw error;
          onBusy(error);
          busy.push(entry.key);
          return [];
        }
      },
      giveUp: ({ key }) => [{ key, reason: 'OutOfTime' }],
    },
    dependencies,
  );
  const { checked, mismatched, findings } = previous ?? noResult;
  const found = results.flat();
  return {
    checked: checked + results.length - busy.length,
    mismatched: mismatched + found.length,
    findings: [...findings, ...found].slice(0, maxFindings),
    remaining: [...remaining.map(({ key }) => key), ...busy],
    cutOffs: [...cutOffs],
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
