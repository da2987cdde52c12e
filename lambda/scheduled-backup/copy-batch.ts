import * as z from 'zod/mini';
import { isSame, sharedChecksum } from './comparison';
import type { Deadline } from './deadline';
import { OutOfTime, Superseded } from './failures';
import { recordKey, requireLock } from './journal';
import { inLanes } from './lanes';
import { copyKey, fitsUnderDay, toLines, type Entry } from './manifest';
import { copyChecked, pin } from './object-copy';
import type { Head, Objects, Place } from './objects';
import { readStep } from './requests';
import type { Texts } from './s3-journal';

const itemSchema = z.object({
  day: z.string(),
  run: z.string(),
  resumed: z.boolean(),
  /** As it is: the map's listing is not URL-encoded. */
  key: z.string(),
  size: z.number(),
});

export type CopyItem = z.output<typeof itemSchema>;

const failureSchema = z.object({ Error: z.string() });

const batchSchema = z.object({
  /** A batch of the map; where nothing batches, one item. */
  input: z.union([
    z.object({ Items: z.array(itemSchema), failure: z.optional(failureSchema) }),
    z.extend(itemSchema, { failure: z.optional(failureSchema) }),
  ]),
  /** How often this batch was tried before. */
  retries: z._default(z.number(), 0),
});

export interface CopyBatch {
  readonly items: readonly [CopyItem, ...CopyItem[]];
  readonly retried: boolean;
  /** The error that the batch could not be copied for: it is only to be written down. */
  readonly failure?: string;
}

/** @throws UnusableRequest where the event is no batch */
export function readBatch(event: unknown): CopyBatch {
  const { input, retries } = readStep(batchSchema, event);
  const [first, ...others] = 'Items' in input ? input.Items : [input];
  if (first === undefined) return readBatch({ input: undefined });
  const failure = input.failure?.Error;
  return { items: [first, ...others], retried: retries > 0, ...(failure === undefined ? {} : { failure }) };
}

export interface CopyDesk {
  readonly objects: Objects;
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly journal: Pick<Texts, 'read' | 'write'>;
  readonly deadline: Pick<Deadline, 'hasTime' | 'signal'>;
  /** Objects at once. */
  readonly lanes: number;
  readonly multipartThresholdBytes: number;
  readonly onFailed: (entry: Extract<Entry, { status: 'failed' }>, error: unknown) => void;
}

/**
 * Copies the objects of a batch and records what became of each; an object that fails is recorded, and fails the run when
 * all the others are copied.
 *
 * @throws OutOfTime where the batch has to be tried again: what is copied is found then
 * @throws Superseded where another run has taken over
 */
export async function copyBatch(batch: CopyBatch, desk: CopyDesk): Promise<readonly Entry[]> {
  const { run, key } = batch.items[0];
  await requireLock(desk.journal, run);
  const entries =
    batch.failure === undefined
      ? await inLanes(batch.items, desk.lanes, (item) => copyItem(item, item.resumed || batch.retried, desk))
      : batch.items.map((item): Entry => ({
          status: 'failed',
          key: item.key,
          size: item.size,
          reason: String(batch.failure),
        }));
  await desk.journal.write(recordKey(run, key), toLines(entries), 'application/x-ndjson');
  return entries;
}

async function copyItem(item: CopyItem, lookFirst: boolean, desk: CopyDesk): Promise<Entry> {
  if (!desk.deadline.hasTime) throw new OutOfTime('the batch is not done: it goes on with the next attempt');
  const { key, size } = item;
  try {
    return await copyOne(item, lookFirst, desk);
  } catch (error) {
    if (desk.deadline.signal.aborted) throw new OutOfTime('the batch is not done: it goes on with the next attempt');
    if (error instanceof OutOfTime || error instanceof Superseded) throw error;
    const entry = { status: 'failed', key, size, reason: error instanceof Error ? error.name : typeof error } as const;
    desk.onFailed(entry, error);
    return entry;
  }
}

/** How often the newest version is asked for again, when the one that was seen is gone before it was copied. */
const looks = 5;

async function copyOne({ day, key, size }: CopyItem, lookFirst: boolean, desk: CopyDesk): Promise<Entry> {
  const { objects, multipartThresholdBytes } = desk;
  if (!fitsUnderDay(day, key)) return { status: 'skipped', key, size, reason: 'key-too-long' };
  const from: Place = { bucket: desk.sourceBucket, key };
  const to: Place = { bucket: desk.backupBucket, key: copyKey(day, key) };
  for (let look = 1; ; look++) {
    const head = await objects.head(from);
    if (head === undefined) return { status: 'skipped', key, size, reason: 'deleted' };
    if (head.archived) return { status: 'skipped', key, size: head.size, reason: 'archived' };
    const found = lookFirst ? await findCopy(objects, pin(from, head), head, to) : undefined;
    if (found !== undefined) return entryOf(key, head, found);
    try {
      return entryOf(key, head, await copyChecked(objects, from, head, to, multipartThresholdBytes));
    } catch (error) {
      if (!isChange(error) || look === looks) throw error;
    }
  }
}

/** The source was overwritten or deleted between the look and the copy. */
function isChange(error: unknown): boolean {
  return error instanceof Error && ['PreconditionFailed', 'NoSuchVersion', 'NoSuchKey'].includes(error.name);
}

async function findCopy(objects: Objects, from: Place, head: Head, to: Place) {
  const copy = await objects.head(to);
  if (copy === undefined) return undefined;
  const seen = { place: from, head };
  const there = { place: pin(to, copy), head: copy };
  if (!(await isSame(objects, seen, there))) return undefined;
  const checksum = await sharedChecksum(objects, seen, there);
  return checksum === undefined ? undefined : { copyVersion: copy.versionId ?? 'null', checksum };
}

function entryOf(
  key: string,
  head: Head,
  { copyVersion, checksum }: Pick<Extract<Entry, { status: 'copied' }>, 'copyVersion' | 'checksum'>,
): Entry {
  const { versionId = 'null', size, etag } = head;
  return { status: 'copied', key, version: versionId, copyVersion, size, etag, checksum };
}
