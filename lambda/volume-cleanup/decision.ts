import { isOpen, type ResourceRecord } from './record';
import type { Tags } from './resource';

const day = 86_400_000;

export interface Policy {
  readonly minimumAgeMilliseconds: number;
  readonly graceMilliseconds: number;
  /**
   * A resource with one of these tags is kept, whatever the tag's value, in upper or lower case: IAM, which denies the deletion too,
   * does not tell them apart.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
   */
  readonly exemptTags: readonly string[];
  readonly dryRun: boolean;
}

/** Resource that a decision is about. */
export interface Subject {
  /** Reason why it is used, such as `attached`, or undefined. */
  readonly usage: string | undefined;
  readonly tags: Tags;
}

/** Next step of a resource. `wait` records that it is still unused; `report` is `wait` in a dry run, when the age is reached. */
export type Decision =
  | { readonly step: 'nothing' }
  | { readonly step: 'keep'; readonly reason: string }
  | { readonly step: 'begin' | 'wait' | 'report' | 'notify' | 'remove' };

/**
 * Longest time between two runs. After a longer one nobody knows that the resource was unused in between, be it that no run was made
 * or that a clock was wrong.
 */
export const longestGapMilliseconds = 3 * day;

/** Decides on a resource; a time in the future, or a gap between runs, begins anew. Whatever is in doubt is kept. */
export function decide(
  { usage, tags }: Subject,
  record: ResourceRecord | undefined,
  policy: Policy,
  now: number,
): Decision {
  const keys = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
  const tag = policy.exemptTags.find((key) => keys.has(key.toLowerCase()));
  const reason = usage ?? (tag === undefined ? undefined : `tag ${tag}`);
  if (reason !== undefined) return isOpen(record) ? { step: 'keep', reason } : { step: 'nothing' };
  if (!isOpen(record)) return { step: 'begin' };
  const { firstSeenAt, lastSeenAt, notifiedAt, claimedAt } = record;
  const times = [firstSeenAt, lastSeenAt, notifiedAt ?? now, claimedAt ?? now];
  if (times.some((time) => !(time <= now)) || now - lastSeenAt > longestGapMilliseconds) return { step: 'begin' };
  if (now - firstSeenAt < policy.minimumAgeMilliseconds) return { step: 'wait' };
  if (policy.dryRun) return { step: 'report' };
  if (notifiedAt === undefined) return { step: 'notify' };
  return { step: now - notifiedAt < policy.graceMilliseconds ? 'wait' : 'remove' };
}
