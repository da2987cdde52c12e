import { headObject, type S3Access } from './adapters/s3-objects';
import { sharedChecksumOfSameObject } from './comparison';
import { maxFindings, type RestoredPart } from './journal';
import { copyKey, type CopiedEntry, type Entry } from './manifest';
import { copyAndVerify } from './object-copy';
import { atVersion, readableClass } from './objects';
import { processUntilDeadline, type ProcessingLimits } from './process-until-deadline';
import type { RestoreRun } from './restore-start';
import { checkCopy, unfinishedCopies } from './verification';

export interface RestorationDependencies extends ProcessingLimits {
  readonly s3: S3Access;
  readonly backupBucket: string;
  readonly multipartThresholdBytes: number;
}

type Outcome =
  | { readonly outcome: 'restored' | 'identical' | 'kept' }
  | { readonly outcome: 'failed'; readonly reason: string };

const noResult: RestoredPart = {
  restored: 0,
  identical: 0,
  kept: 0,
  failed: 0,
  notBackedUp: 0,
  bytes: 0,
  findings: [],
  remaining: [],
  cutOffs: [],
};

/**
 * Restores the objects of one manifest part until time runs out. Each object is restored only from a copy that matches the manifest,
 * and compared again afterwards.
 *
 * @param previous result of an earlier attempt; only the objects that it left are processed, so that none which it restored
 * counts as identical
 */
export async function restorePart(
  run: RestoreRun,
  entries: readonly Entry[],
  dependencies: RestorationDependencies,
  previous?: RestoredPart,
): Promise<RestoredPart> {
  const wanted = entries.filter(({ key }) => key.startsWith(run.prefix));
  const { results, remaining, cutOffs } = await processUntilDeadline(
    {
      items: unfinishedCopies(wanted, previous),
      cutOffs: new Map(previous?.cutOffs),
      process: async (entry) => ({ entry, ...(await restoreOrFail(run, entry, dependencies)) }),
      giveUp: (entry) => ({ entry, outcome: 'failed' as const, reason: 'OutOfTime' }),
    },
    dependencies,
  );
  const total = { ...(previous ?? withNotBackedUp(wanted)), remaining: remaining.map(({ key }) => key) };
  const findings = [...total.findings];
  for (const { entry, ...result } of results) {
    total[result.outcome] += 1;
    if (result.outcome === 'restored') total.bytes += entry.size;
    if (result.outcome === 'failed') findings.push({ key: entry.key, reason: result.reason });
  }
  return { ...total, findings: findings.slice(0, maxFindings), cutOffs: [...cutOffs] };
}

/** Counts the objects that existed but that the backup does not have; one deleted during the backup is not one of them. */
function withNotBackedUp(entries: readonly Entry[]): RestoredPart {
  const missing = entries.filter((entry) => entry.status !== 'copied').filter(({ reason }) => reason !== 'deleted');
  const findings = missing.map(({ key, reason }) => ({ key, reason: `not backed up (${reason})` }));
  return { ...noResult, notBackedUp: missing.length, findings: findings.slice(0, maxFindings) };
}

/** Restores an object; its failure does not fail the others, and being cut off by the end of time is not a failure. */
async function restoreOrFail(
  run: RestoreRun,
  entry: CopiedEntry,
  dependencies: RestorationDependencies,
): Promise<Outcome> {
  try {
    return await restoreObject(run, entry, dependencies);
  } catch (error) {
    if (dependencies.timeLimit.signal.aborted) throw error;
    return { outcome: 'failed', reason: error instanceof Error ? error.name : typeof error };
  }
}

/** Attempts at restoring an object whose target is changed by others at the same time. */
const targetAttempts = 5;

async function restoreObject(
  run: RestoreRun,
  entry: CopiedEntry,
  { s3, backupBucket, multipartThresholdBytes }: RestorationDependencies,
): Promise<Outcome> {
  const check = await checkCopy(s3, backupBucket, run.day, entry);
  // The recorded version is restored, also if the copy was overwritten or deleted since.
  const [head, reason] = check.matches ? [check.head, ''] : [check.intact, check.reason];
  if (head === undefined) return { outcome: 'failed', reason };
  const copy = { bucket: backupBucket, key: copyKey(run.day, entry.key) };
  const ref = { bucket: run.targetBucket, key: entry.key };
  const storageClass = readableClass(entry.storageClass ?? head.storageClass);
  for (let attempt = 1; ; attempt++) {
    const existing = await headObject(s3, ref);
    if (existing !== undefined) {
      const there = { ref: atVersion(ref, existing), head: existing };
      const shared = await sharedChecksumOfSameObject(s3, { ref: atVersion(copy, head), head }, there);
      if (shared !== undefined) return { outcome: 'identical' };
      if (!run.overwrite) return { outcome: 'kept' };
    }
    if (run.dryRun) return { outcome: 'restored' };
    // Without the condition, an object written since HEAD would be replaced.
    const replaces = existing === undefined ? 'nothing' : { etag: existing.etag };
    try {
      await copyAndVerify(s3, copy, head, { ref, storageClass, replaces }, multipartThresholdBytes);
      return { outcome: 'restored' };
    } catch (error) {
      if (!isTargetChanged(error) || attempt === targetAttempts) throw error;
    }
  }
}

/** Returns whether the target was written or deleted between HEAD and the copy, or was being written then. */
function isTargetChanged(error: unknown): boolean {
  return (
    error instanceof Error && ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(error.name)
  );
}
