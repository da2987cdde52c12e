import type { CreationEvent } from './creation-event';
import type { TagStore, WriteFailure } from './tag-store';
import { missingTags, type Tags } from './wanted-tags';

/**
 * Result for one resource. `tagged`: tags were added; `kept`: it had all of them; `gone`: it was deleted before it was seen;
 * `refused`: it cannot be tagged, with the reason; `later`: another attempt is due.
 */
export type Outcome = 'tagged' | 'kept' | 'gone' | 'refused' | 'later';

export interface TaggedResource {
  readonly arn: string;
  readonly outcome: Outcome;
  /** Reason of `refused` and `later`. */
  readonly reason?: string;
  /** Required tags that it lacks. */
  readonly lacks: readonly string[];
}

export interface TaggingDependencies {
  readonly stores: readonly TagStore[];
  readonly wanted: Tags;
  readonly requiredTags: readonly string[];
  /** A new resource may be invisible for so long, in milliseconds; one that is missing after it is gone. */
  readonly consistencyMilliseconds: number;
  readonly now: () => Date;
}

/** Adds to each resource the wanted tags that it lacks. */
export async function tagAll(
  arns: readonly string[],
  { time }: Pick<CreationEvent, 'time'>,
  dependencies: TaggingDependencies,
): Promise<TaggedResource[]> {
  const { stores, now, consistencyMilliseconds } = dependencies;
  const isYoung = now().getTime() - time.getTime() < consistencyMilliseconds;
  const byStore = Map.groupBy(new Set(arns), (arn) => stores.find((store) => store.holds(arn)));
  const results: TaggedResource[] = [];
  for (const [store, ofStore] of byStore) {
    if (store === undefined) throw new Error(`no store holds the tags of ${String(ofStore[0])}`);
    results.push(...(await tagIn(store, ofStore, isYoung, dependencies)));
  }
  return results;
}

async function tagIn(
  store: TagStore,
  arns: readonly string[],
  isYoung: boolean,
  { wanted, requiredTags }: TaggingDependencies,
): Promise<TaggedResource[]> {
  const existing = await store.read(arns);
  const additions = new Map(arns.map((arn) => [arn, missingTags(wanted, existing.get(arn) ?? {})]));
  const failures = new Map<string, WriteFailure>();
  for (const same of Map.groupBy(arns, (arn) => JSON.stringify(additions.get(arn)?.tags)).values()) {
    const tags = additions.get(same[0] ?? '')?.tags ?? {};
    if (Object.keys(tags).length === 0) continue;
    for (const failure of await store.write(same, tags)) failures.set(failure.arn, failure);
  }
  return arns.map((arn) => {
    const { tags = {}, withoutRoom = [] } = additions.get(arn) ?? {};
    const failure = failures.get(arn);
    const added = failure === undefined ? tags : {};
    const lacks = requiredTags.filter((key) => !Object.hasOwn({ ...existing.get(arn), ...added }, key));
    if (failure !== undefined) return { arn, lacks, ...classify(failure, isYoung) };
    if (withoutRoom.length > 0) return { arn, lacks, outcome: 'refused', reason: 'tag limit' };
    return { arn, lacks, outcome: Object.keys(tags).length > 0 ? 'tagged' : 'kept' };
  });
}

const reasons = {
  /** EC2 names its errors `Invalid….NotFound`, the other services each in a way of their own. */
  missing: /NotFound|NoSuch|DoesNotExist|NonExistent|InvalidParameterException/i,
  limit: /TagLimitExceeded|TooManyTags|^LimitExceeded/i,
  policy: /TagPolic|TAG_POLICY/i,
  invalid: /InvalidTag|MalformedTag|ValidationException|InvalidParameterValue/i,
};

/** Decides by the name of an error, and by its message where services hide a tag policy there. */
function classify({ name, message }: WriteFailure, isYoung: boolean): Pick<TaggedResource, 'outcome' | 'reason'> {
  if (reasons.policy.test(name) || /tag polic/i.test(message)) return { outcome: 'refused', reason: 'tag policy' };
  if (reasons.limit.test(name)) return { outcome: 'refused', reason: 'tag limit' };
  if (reasons.missing.test(name)) return isYoung ? { outcome: 'later', reason: name } : { outcome: 'gone' };
  if (reasons.invalid.test(name)) return { outcome: 'refused', reason: name };
  return { outcome: 'later', reason: name };
}
