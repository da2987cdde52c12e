import * as z from 'zod/mini';
import { attempt, type AttemptDesk } from './attempt';
import { hasChecksum } from './comparison';
import { mostFindings, type Verified } from './journal';
import { copyKey, type CopiedEntry, type Entry, type Finding } from './manifest';
import { pin } from './object-copy';
import type { Head, Objects } from './objects';

type Looker = Pick<Objects, 'head' | 'readSha256'>;

/** A part of a manifest that a step of the map works on. */
export const partRequestSchema = z.object({ day: z.string(), run: z.string(), part: z.string() });

/** What is wrong with a copy, or its head where nothing is. */
export type Judgement =
  | { readonly sound: true; readonly head: Head }
  | { readonly sound: false; readonly reason: 'missing' | 'other-version' | 'other-checksum' };

/**
 * Looks at a copy as it lies under its key now: that it has the checksum which was recorded of its source, and that the
 * version which was made is there.
 */
export async function judgeCopy(objects: Looker, bucket: string, day: string, entry: CopiedEntry): Promise<Judgement> {
  const place = { bucket, key: copyKey(day, entry.key) };
  const head = await objects.head(place);
  if (head === undefined) return { sound: false, reason: 'missing' };
  const right =
    head.size === entry.size && (await hasChecksum(objects, { place: pin(place, head), head }, entry.checksum));
  if (!right) return { sound: false, reason: 'other-checksum' };
  if ((head.versionId ?? 'null') === entry.copyVersion) return { sound: true, head };
  // The same bytes again, as a batch makes them that outlives its stopped run: what the manifest names is what counts.
  const made = await objects.head({ ...place, versionId: entry.copyVersion });
  return made === undefined ? { sound: false, reason: 'other-version' } : { sound: true, head: made };
}

export interface VerifyDesk extends AttemptDesk {
  readonly objects: Looker;
  readonly backupBucket: string;
}

const nothing: Verified = { checked: 0, mismatched: 0, findings: [], left: [] };

/**
 * Verifies the copies that one part of a manifest names, as far as time goes.
 *
 * @param before what an earlier attempt found: only what that one left is looked at, so that parts of any size come to an end
 */
export async function verifyPart(
  day: string,
  entries: readonly Entry[],
  desk: VerifyDesk,
  before?: Verified,
): Promise<Verified> {
  const wanted = unfinished(entries, before);
  const { results, left } = await attempt(wanted, desk, async ({ key, ...entry }): Promise<Finding[]> => {
    const judgement = await judgeCopy(desk.objects, desk.backupBucket, day, { key, ...entry });
    return judgement.sound ? [] : [{ key, reason: judgement.reason }];
  });
  const { checked, mismatched, findings } = before ?? nothing;
  const found = results.flat();
  return {
    checked: checked + results.length,
    mismatched: mismatched + found.length,
    findings: [...findings, ...found].slice(0, mostFindings),
    left: left.map(({ key }) => key),
  };
}

/** The copies of a part that no earlier attempt has finished with. */
export function unfinished(entries: readonly Entry[], before: { readonly left: readonly string[] } | undefined) {
  const left = before === undefined ? undefined : new Set(before.left);
  return entries.filter((entry) => entry.status === 'copied').filter(({ key }) => left === undefined || left.has(key));
}
