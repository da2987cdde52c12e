import { isOpen, type Volume, type VolumeRecord } from './volume';

const day = 86_400_000;

export interface Policy {
  readonly minimumAgeMilliseconds: number;
  readonly graceMilliseconds: number;
  /** A volume with one of these tags is kept, whatever the tag's value. */
  readonly exemptTags: readonly string[];
  readonly dryRun: boolean;
}

/** Next step of a volume. `wait` records that it is still unattached; `report` is `wait` in a dry run, when the age is reached. */
export type Decision =
  | { readonly step: 'nothing' }
  | { readonly step: 'keep'; readonly reason: string }
  | { readonly step: 'begin' | 'wait' | 'report' | 'notify' | 'snapshot' | 'delete' };

/**
 * Longest time between two runs. After a longer one nobody knows that the volume was unattached in between, be it that no run was made
 * or that a clock was wrong.
 */
export const longestGapMilliseconds = 3 * day;

/** Decides on a volume; a time in the future, or a gap between runs, begins anew. Whatever is in doubt is kept. */
export function decide(volume: Volume, record: VolumeRecord | undefined, policy: Policy, now: number): Decision {
  const reason = reasonToKeep(volume, policy);
  if (reason !== undefined) return isOpen(record) ? { step: 'keep', reason } : { step: 'nothing' };
  if (!isOpen(record)) return { step: 'begin' };
  const { firstSeenAt, lastSeenAt, notifiedAt, claimedAt } = record;
  const times = [firstSeenAt, lastSeenAt, notifiedAt ?? now, claimedAt ?? now];
  if (times.some((time) => !(time <= now)) || now - lastSeenAt > longestGapMilliseconds) return { step: 'begin' };
  if (now - firstSeenAt < policy.minimumAgeMilliseconds) return { step: 'wait' };
  if (policy.dryRun) return { step: 'report' };
  if (notifiedAt === undefined) return { step: 'notify' };
  if (now - notifiedAt < policy.graceMilliseconds) return { step: 'wait' };
  return { step: claimedAt === undefined ? 'snapshot' : 'delete' };
}

/** Reason why a volume is no candidate, or undefined. */
function reasonToKeep({ state, isAttached, tags }: Volume, { exemptTags }: Policy): string | undefined {
  if (isAttached || state !== 'available') return isAttached ? 'attached' : `state ${state}`;
  const tag = exemptTags.find((key) => tags[key] !== undefined);
  return tag === undefined ? undefined : `tag ${tag}`;
}
