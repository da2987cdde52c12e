import { isSame } from './comparison';
import type { Deadline } from './deadline';
import { OutOfTime } from './failures';
import { mostFindings, type Restored } from './journal';
import { inLanes } from './lanes';
import { copyKey, type CopiedEntry, type Entry, type Finding } from './manifest';
import { copyChecked, pin } from './object-copy';
import type { Objects } from './objects';
import type { RestoreRun } from './restore-start';
import { judgeCopy } from './verification';

export interface RestoreDesk {
  readonly objects: Objects;
  readonly backupBucket: string;
  readonly deadline: Pick<Deadline, 'hasTime' | 'signal'>;
  readonly lanes: number;
  readonly multipartThresholdBytes: number;
}

type Outcome =
  | { readonly outcome: 'restored' | 'alike' | 'kept' }
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * Copies back what one part of a manifest names, each object only once its copy was found sound, and compares it again.
 *
 * @throws OutOfTime where the part has to be gone through again: what is restored is alike then
 */
export async function restorePart(run: RestoreRun, entries: readonly Entry[], desk: RestoreDesk): Promise<Restored> {
  const wanted = entries.filter((entry) => entry.status === 'copied' && entry.key.startsWith(run.prefix));
  const sum = { restored: 0, alike: 0, kept: 0, failed: 0, bytes: 0 };
  const findings: Finding[] = [];
  await inLanes(wanted as CopiedEntry[], desk.lanes, async (entry) => {
    const result = await attempt(run, entry, desk);
    sum[result.outcome] += 1;
    if (result.outcome === 'restored') sum.bytes += entry.size;
    if (result.outcome === 'failed') findings.push({ key: entry.key, reason: result.reason });
  });
  return { ...sum, findings: findings.slice(0, mostFindings) };
}

async function attempt(run: RestoreRun, entry: CopiedEntry, desk: RestoreDesk): Promise<Outcome> {
  const again = 'the part is not restored: it goes on with the next attempt';
  if (!desk.deadline.hasTime) throw new OutOfTime(again);
  try {
    return await restoreOne(run, entry, desk);
  } catch (error) {
    if (desk.deadline.signal.aborted) throw new OutOfTime(again);
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
