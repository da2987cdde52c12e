import pMap from 'p-map';
import * as z from 'zod/mini';
import { listKeys, readText, writeTextIfUnchanged, type TextStore } from './adapters/s3-text-store';
import type { Day } from './day';
import { SupersededError } from './errors';
import { entrySchema, findingSchema, recordName } from './manifest';

const lockKey = 'lock.json';

/** Run that may write: the one that took the lock last. */
export const lockSchema = z.object({ run: z.string(), execution: z.string(), day: z.string() });

export type Lock = z.output<typeof lockSchema>;

/** Keys of a part that the next attempt continues with. */
const remaining = z._default(z.array(z.string()), []);

/** Keys with the number of attempts that the end of time cut off; no object with keys as names, since a key may be `__proto__`. */
const cutOffs = z._default(z.array(z.tuple([z.string(), z.number()])), []);

/** Progress of a batch that one invocation could not finish. */
export const batchProgressSchema = z.object({ entries: z.array(entrySchema), cutOffs });

/** Verification result of one manifest part. */
export const verifiedPartSchema = z.object({
  checked: z.number(),
  mismatched: z.number(),
  findings: z.array(findingSchema),
  remaining,
  cutOffs,
});

/** Restore result of one manifest part. */
export const restoredPartSchema = z.object({
  restored: z.number(),
  /** Objects that were equal to the backup already. */
  identical: z.number(),
  /** Objects that differ from the backup and were not to be overwritten. */
  kept: z.number(),
  /** Objects that were not restored: their copy is damaged, or S3 refused. */
  failed: z.number(),
  /** Objects that the backup skipped or failed to copy. */
  notBackedUp: z.number(),
  bytes: z.number(),
  findings: z.array(findingSchema),
  remaining,
  cutOffs,
});

export type VerifiedPart = z.output<typeof verifiedPartSchema>;
export type RestoredPart = z.output<typeof restoredPartSchema>;

/** Number of findings that are listed; the others are only counted. */
export const maxFindings = 100;

/** Folder of the records of a run's batches. */
export function recordsPrefix(run: string): string {
  return `runs/${run}/records/`;
}

export function recordKey(run: string, firstKey: string): string {
  return `${recordsPrefix(run)}${recordName(firstKey)}.ndjson`;
}

/** First failed objects of a run, as the manifest is assembled. */
export const failuresSchema = z.array(findingSchema);

export function failuresKey(run: string): string {
  return `runs/${run}/failures.json`;
}

/** Key of the progress of a batch. */
export function progressKey(run: string, firstKey: string): string {
  return `runs/${run}/progress/${recordName(firstKey)}.json`;
}

/** Folder of a step's results, one for each manifest part. */
export function resultsPrefix(run: string, step: 'verified' | 'restored'): string {
  return `runs/${run}/${step}/`;
}

export function resultKey(run: string, step: 'verified' | 'restored', part: string): string {
  const name = part.slice(part.lastIndexOf('/') + 1).replace(/\.ndjson$/, '');
  return `${resultsPrefix(run, step)}${name}.json`;
}

export function restoreReportKey(day: Day, run: string): string {
  return `restores/${day}/${run}.json`;
}

export type LockResult = 'taken' | { readonly heldBy: Lock };

/**
 * Takes the lock unless the run that holds it is still running.
 *
 * Of two runs that ask at the same time, a conditional write lets one have it; the other learns which run that is.
 */
export async function takeLock(
  journal: TextStore,
  lock: Lock,
  isRunning: (execution: string) => Promise<boolean>,
): Promise<LockResult> {
  for (;;) {
    const stored = await readText(journal, lockKey);
    const holder = stored === undefined ? undefined : lockSchema.parse(JSON.parse(stored.text));
    if (holder?.run === lock.run) return 'taken';
    if (holder !== undefined && (await isRunning(holder.execution))) return { heldBy: holder };
    if (await writeTextIfUnchanged(journal, lockKey, JSON.stringify(lock), stored)) return 'taken';
  }
}

/** @throws SupersededError if another run has taken the lock, as happens to functions that outlive their stopped execution */
export async function requireLock(journal: TextStore, run: string): Promise<void> {
  const stored = await readText(journal, lockKey);
  const holder = stored === undefined ? undefined : lockSchema.parse(JSON.parse(stored.text)).run;
  if (holder !== run)
    throw new SupersededError(`run ${run} writes nothing more: run ${holder ?? 'none'} holds the lock`);
}

/** Reads what an earlier attempt at a part has recorded; undefined at the first attempt. */
export async function readResult<Schema extends z.ZodMiniType>(
  store: TextStore,
  key: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const stored = await readText(store, key);
  return stored === undefined ? undefined : schema.parse(JSON.parse(stored.text));
}

const readConcurrency = 32;

/** Reads every result of a step, in the order of the parts. */
export async function* readResults<Schema extends z.ZodMiniType>(
  store: TextStore,
  prefix: string,
  schema: Schema,
): AsyncIterable<z.output<Schema>> {
  for await (const keys of listKeys(store, prefix)) {
    // Ten million objects have ten thousand parts: one after the other they would take minutes.
    const results = await pMap(keys, (key) => readResult(store, key, schema), { concurrency: readConcurrency });
    for (const result of results) if (result !== undefined) yield result;
  }
}
