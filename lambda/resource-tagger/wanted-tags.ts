import type { CreationEvent } from './creation-event';

export type Tags = Readonly<Record<string, string>>;

/** Keys of the tags that are added. */
export interface TagKeys {
  readonly creator: string;
  readonly createdAt: string;
  readonly eventId: string;
  readonly costCenter: string;
}

/** Tags of a resource, apart from those of AWS, whose keys begin with `aws:`. */
export const maximumTags = 50;

/** Longest value of a tag, in characters. */
const maximumValueLength = 256;

/** Characters that every service accepts in tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const refusedCharacters = /[^\p{L}\p{N} _.:/=+\-@]/gu;

/** Cost centers by creator: `{ "role/Data": "1200" }` is about each session of that role, `user/alice` about one user. */
export type CostCenters = Readonly<Record<string, string>>;

/** Returns the tags that an event calls for, the most important first. */
export function wantedTags({ creator, time, id }: CreationEvent, keys: TagKeys, costCenters: CostCenters): Tags {
  const costCenter = costCenterOf(creator, costCenters);
  return {
    [keys.creator]: tagValue(creator),
    [keys.createdAt]: time.toISOString().replace('.000Z', 'Z'),
    [keys.eventId]: tagValue(id),
    ...(costCenter === undefined ? {} : { [keys.costCenter]: tagValue(costCenter) }),
  };
}

/** Replaces what a service would refuse the whole call for. */
export function tagValue(text: string): string {
  return Array.from(text.replace(refusedCharacters, '_')).slice(0, maximumValueLength).join('').trim() || '_';
}

/** The most exact entry counts: that of the session before that of its role, that of a role before that of all roles. */
function costCenterOf(creator: string, costCenters: CostCenters): string | undefined {
  const parts = creator.split('/');
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('/');
    if (Object.hasOwn(costCenters, name)) return costCenters[name];
  }
  return undefined;
}

export interface Addition {
  readonly tags: Tags;
  /** Wanted keys for which the resource has no room. */
  readonly withoutRoom: readonly string[];
}

/**
 * Returns the tags that a resource lacks. One that it has, whatever its value, stays as it is.
 *
 * IAM reads `Cost-Center` as `cost-center` in the denial of the role, and would refuse the call for either.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
 */
export function missingTags(wanted: Tags, existing: Tags): Addition {
  const present = new Set(Object.keys(existing).map((key) => key.toLowerCase()));
  const missing = Object.entries(wanted).filter(([key]) => !present.has(key.toLowerCase()));
  const used = Object.keys(existing).filter((key) => !key.toLowerCase().startsWith('aws:')).length;
  const room = Math.max(0, maximumTags - used);
  return {
    tags: Object.fromEntries(missing.slice(0, room)),
    withoutRoom: missing.slice(room).map(([key]) => key),
  };
}
