import * as z from 'zod/mini';
import { hasChecksum } from './comparison';
import type { Deadline } from './deadline';
import { OutOfTime } from './failures';
import { mostFindings, type Verified } from './journal';
import { inLanes } from './lanes';
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

export interface VerifyDesk {
  readonly objects: Looker;
  readonly backupBucket: string;
  readonly deadline: Pick<Deadline, 'hasTime'>;
  readonly lanes: number;
}

/** @throws OutOfTime where a part has to be looked at again */
export async function verifyPart(day: string, entries: readonly Entry[], desk: VerifyDesk): Promise<Verified> {
  const copied = entries.filter((entry) => entry.status === 'copied');
  const findings: Finding[] = [];
  await inLanes(copied, desk.lanes, async (entry) => {
    if (!desk.deadline.hasTime) throw new OutOfTime('the part is not verified: it is tried again');
    const judgement = await judgeCopy(desk.objects, desk.backupBucket, day, entry);
    if (!judgement.sound) findings.push({ key: entry.key, reason: judgement.reason });
  });
  return { checked: copied.length, mismatched: findings.length, findings: findings.slice(0, mostFindings) };
}
