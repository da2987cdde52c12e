import pMap from 'p-map';
import * as z from 'zod/mini';
import { headObject, type S3Access } from './adapters/s3-objects';
import { writeText, type TextStore } from './adapters/s3-text-store';
import { isSameObject, sharedChecksum } from './comparison';
import { OutOfTimeError, SupersededError } from './errors';
import { recordKey, requireLock } from './journal';
import { copyKey, fitsUnderDay, toLines, type Entry } from './manifest';
import { copyAndVerify, type VerifiedCopy } from './object-copy';
import { atVersion, type ObjectHead, type ObjectRef } from './objects';
import type { ProcessingLimits } from './process-until-deadline';
import { parseStepInput } from './requests';

const itemSchema = z.object({
  day: z.string(),
  run: z.string(),
  resumed: z.boolean(),
  /** Unencoded, since the map's listing is not URL-encoded. */
  key: z.string(),
  size: z.number(),
});

export type CopyItem = z.output<typeof itemSchema>;

const failureSchema = z.object({ Error: z.string() });

const batchSchema = z.object({
  /** Batch of the map, or one item on an implementation that does not batch. */
  input: z.union([
    z.object({ Items: z.array(itemSchema), failure: z.optional(failureSchema) }),
    z.extend(itemSchema, { failure: z.optional(failureSchema) }),
  ]),
  /** Earlier attempts at this batch. */
  retries: z._default(z.number(), 0),
});

export interface CopyBatch {
  readonly items: readonly [CopyItem, ...CopyItem[]];
  readonly retried: boolean;
  /** Error that ended the attempts at this batch: its objects are only recorded as failed. */
  readonly failure?: string;
}

/** @throws InvalidRequestError if the event is not a batch */
export function parseBatch(event: unknown): CopyBatch {
  const { input, retries } = parseStepInput(batchSchema, event);
  const [first, ...others] = 'Items' in input ? input.Items : [input];
  if (first === undefined) return parseBatch({ input: undefined });
  const failure = input.failure?.Error;
  return { items: [first, ...others], retried: retries > 0, ...(failure === undefined ? {} : { failure }) };
}

export interface CopyDependencies extends ProcessingLimits {
  readonly s3: S3Access;
  readonly sourceBucket: string;
  readonly backupBucket: string;
  readonly journal: TextStore;
  readonly multipartThresholdBytes: number;
  readonly onFailed: (entry: Extract<Entry, { status: 'failed' }>, error: unknown) => void;
}

/**
 * Copies the objects of a batch and records the result of each. An object that fails is recorded as failed; the others are still
 * copied, and the run fails at its end.
 *
 * @throws OutOfTimeError if the batch has to be tried again; the next attempt finds what was copied
 * @throws SupersededError if another run has taken the lock
 */
export async function copyBatch(batch: CopyBatch, dependencies: CopyDependencies): Promise<readonly Entry[]> {
  const { items, retried, failure } = batch;
  const { journal, concurrency } = dependencies;
  const { run, key: firstKey } = items[0];
  await requireLock(journal, run);
  const entries =
    failure === undefined
      ? await pMap(items, (item) => copyItem(item, item.resumed || retried, dependencies), { concurrency })
      : items.map(({ key, size }): Entry => ({ status: 'failed', key, size, reason: failure }));
  await writeText(journal, recordKey(run, firstKey), toLines(entries), 'application/x-ndjson');
  return entries;
}

async function copyItem(item: CopyItem, mayExist: boolean, dependencies: CopyDependencies): Promise<Entry> {
  const { timeLimit, onFailed } = dependencies;
  const outOfTime = () => new OutOfTimeError('the batch is not finished: the next attempt continues');
  if (!timeLimit.hasTimeLeft()) throw outOfTime();
  const { key, size } = item;
  try {
    return await copyNewestVersion(item, mayExist, dependencies);
  } catch (error) {
    if (timeLimit.signal.aborted) throw outOfTime();
    if (error instanceof OutOfTimeError || error instanceof SupersededError) throw error;
    const entry = { status: 'failed', key, size, reason: error instanceof Error ? error.name : typeof error } as const;
    onFailed(entry, error);
    return entry;
  }
}

/** Attempts at copying the newest version, if the version that HEAD answered for is replaced or deleted before it is copied. */
const versionAttempts = 5;

async function copyNewestVersion(
  { day, key, size }: CopyItem,
  mayExist: boolean,
  { s3, sourceBucket, backupBucket, multipartThresholdBytes }: CopyDependencies,
): Promise<Entry> {
  if (!fitsUnderDay(day, key)) return { status: 'skipped', key, size, reason: 'key-too-long' };
  const source: ObjectRef = { bucket: sourceBucket, key };
  const target: ObjectRef = { bucket: backupBucket, key: copyKey(day, key) };
  for (let attempt = 1; ; attempt++) {
    const head = await headObject(s3, source);
    if (head === undefined) return { status: 'skipped', key, size, reason: 'deleted' };
    if (head.archived) return { status: 'skipped', key, size: head.size, reason: 'archived' };
    const existing = mayExist ? await findCopy(s3, atVersion(source, head), head, target) : undefined;
    if (existing !== undefined) return entryOf(key, head, existing);
    try {
      return entryOf(key, head, await copyAndVerify(s3, source, head, target, multipartThresholdBytes));
    } catch (error) {
      if (!isSourceChanged(error) || attempt === versionAttempts) throw error;
    }
  }
}

/** Returns whether the source was overwritten or deleted between HEAD and the copy. */
function isSourceChanged(error: unknown): boolean {
  return error instanceof Error && ['PreconditionFailed', 'NoSuchVersion', 'NoSuchKey'].includes(error.name);
}

async function findCopy(
  s3: S3Access,
  source: ObjectRef,
  head: ObjectHead,
  target: ObjectRef,
): Promise<VerifiedCopy | undefined> {
  const copyHead = await headObject(s3, target);
  if (copyHead === undefined) return undefined;
  const original = { ref: source, head };
  const copy = { ref: atVersion(target, copyHead), head: copyHead };
  if (!(await isSameObject(s3, original, copy))) return undefined;
  const checksum = await sharedChecksum(s3, original, copy);
  return checksum === undefined ? undefined : { copyVersion: copyHead.versionId ?? 'null', checksum };
}

function entryOf(key: string, head: ObjectHead, { copyVersion, checksum }: VerifiedCopy): Entry {
  const { versionId = 'null', size, etag } = head;
  return { status: 'copied', key, version: versionId, copyVersion, size, etag, checksum };
}
