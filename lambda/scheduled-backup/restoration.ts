import { attempt, type AttemptDesk } from './attempt';
import { isSame } from './comparison';
import { mostFindings, type Restored } from './journal';
import { copyKey, type CopiedEntry, type Entry } from './manifest';
import { copyChecked, pin } from './object-copy';
import type { Objects } from './objects';
import type { RestoreRun } from './restore-start';
import { judgeCopy, unfinished } from './verification';

export interface RestoreDesk extends AttemptDesk {
  readonly objects: Objects;
  readonly backupBucket: string;
  readonly multipartThresholdBytes: number;
}

type Outcome =
  | { readonly outcome: 'restored' | 'alike' | 'kept' }
  | { readonly outcome: 'failed'; readonly reason: string };

const nothing: Restored = { restored: 0, alike: 0, kept: 0, failed: 0, bytes: 0, findings: [], left: [] };

/**
 * Copies back what one part of a manifest names, each object only once its copy was found sound, and compares it again.
 *
 * @param before what an earlier attempt did: only what that one left is gone through, so that what it restored is not found
 * alike and counted so
 */
export async function restorePart(
  run: RestoreRun,
  entries: readonly Entry[],
  desk: RestoreDesk,
  before?: Restored,
): Promise<Restored> {
  const wanted = unfinished(entries, before).filter(({ key }) => key.startsWith(run.prefix));
  const { results, left } = await attempt(wanted, desk, async (entry) => ({
    entry,
    ...(await restoreOrFail(run, entry, desk)),
  }));
  const sum = { ...(before ?? nothing), left: left.map(({ key }) => key) };
  const findings = [...sum.findings];
  for (const { entry, ...result } of results) {
    sum[result.outcome] += 1;
    if (result.outcome === 'restored') sum.bytes += entry.size;
    if (result.outcome === 'failed') findings.push({ key: entry.key, reason: result.reason });
  }
  return { ...sum, findings: findings.slice(0, mostFindings) };
}

/** An object that fails fails no other; one that is cut off by the end of time has not failed. */
async function restoreOrFail(run: RestoreRun, entry: CopiedEntry, desk: RestoreDesk): Promise<Outcome> {
  try {
    return await restoreOne(run, entry, desk);
  } catch (error) {
    if (desk.deadline.signal.aborted) throw error;
    return { outcome: 'failed', reason: error instanceof Error ? error.name : typeof error };
  }
}

async function restoreOne(run: RestoreRun, entry: CopiedEntry, desk: RestoreDesk): Promise<Outcome> {
  const { objects, backupBucket, multipartThresholdBytes } = desk;
  const judgement = await judgeCopy(objects, backupBucket, run.day, entry);
  if (!judgement.sound) return { outcome: 'failed', reason: judgement.reason };
  const from = { bucket: backupBucket, key: copyKey(run.day, entry.key) };
  const to = { bucket: run.targetBucket, key: entry.key };
  const copy = { place: pin(from, judgement.head), head: judgement.head };
  const existing = await objects.head(to);
  if (existing !== undefined) {
    if (await isSame(objects, copy, { place: pin(to, existing), head: existing })) return { outcome: 'alike' };
    if (!run.overwrite) return { outcome: 'kept' };
  }
  if (!run.dryRun) await copyChecked(objects, from, judgement.head, to, multipartThresholdBytes);
  return { outcome: 'restored' };
}
