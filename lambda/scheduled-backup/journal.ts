import * as z from 'zod/mini';
import type { Day } from './day';
import { Superseded } from './failures';
import { findingSchema, recordName } from './manifest';
import type { Texts } from './s3-journal';

const lockKey = 'lock.json';

/** Which run may write: the last one that began. */
export const lockSchema = z.object({ run: z.string(), execution: z.string(), day: z.string() });

export type Lock = z.output<typeof lockSchema>;

/** The keys of a part that the next attempt goes on with. */
const left = z._default(z.array(z.string()), []);

/** Each part of a manifest, as it was verified. */
export const verifiedSchema = z.object({
  checked: z.number(),
  mismatched: z.number(),
  findings: z.array(findingSchema),
  left,
});

/** Each part of a manifest, as it was restored. */
export const restoredSchema = z.object({
  restored: z.number(),
  /** Equal to the backup already. */
  alike: z.number(),
  /** Different from the backup, and kept. */
  kept: z.number(),
  /** Not restored: the backup is not what was backed up, or S3 refused. */
  failed: z.number(),
  bytes: z.number(),
  findings: z.array(findingSchema),
  left,
});

export type Verified = z.output<typeof verifiedSchema>;
export type Restored = z.output<typeof restoredSchema>;

/** So many findings are told by name; the rest is counted. */
export const mostFindings = 100;

export function recordsPrefix(run: string): string {
  return `runs/${run}/records/`;
}

export function recordKey(run: string, firstKey: string): string {
  return `${recordsPrefix(run)}${recordName(firstKey)}.ndjson`;
}

/** What a step found of each part, by the part's own name. */
export function findingsPrefix(run: string, step: 'verified' | 'restored'): string {
  return `runs/${run}/${step}/`;
}

export function findingsKey(run: string, step: 'verified' | 'restored', part: string): string {
  const name = part.slice(part.lastIndexOf('/') + 1).replace(/\.ndjson$/, '');
  return `${findingsPrefix(run, step)}${name}.json`;
}

export function restoreReportKey(day: Day, run: string): string {
  return `restores/${day}/${run}.json`;
}

export type LockAnswer = 'taken' | { readonly heldBy: Lock };

/**
 * Takes the lock, unless the run that holds it is still going.
 *
 * Two that ask at once are told apart by a conditional write: one gets it, the other is told who.
 */
export async function takeLock(
  texts: Pick<Texts, 'read' | 'writeIfUnchanged'>,
  lock: Lock,
  isRunning: (execution: string) => Promise<boolean>,
): Promise<LockAnswer> {
  for (;;) {
    const before = await texts.read(lockKey);
    const holder = before === undefined ? undefined : lockSchema.parse(JSON.parse(before.text));
    if (holder?.run === lock.run) return 'taken';
    if (holder !== undefined && (await isRunning(holder.execution))) return { heldBy: holder };
    if (await texts.writeIfUnchanged(lockKey, JSON.stringify(lock), before)) return 'taken';
  }
}

/** @throws Superseded where another run has taken over, as happens to work that outlives its stopped execution */
export async function requireLock(texts: Pick<Texts, 'read'>, run: string): Promise<void> {
  const written = await texts.read(lockKey);
  const holder = written === undefined ? undefined : lockSchema.parse(JSON.parse(written.text)).run;
  if (holder !== run) throw new Superseded(`run ${run} writes nothing more: run ${holder ?? 'none'} has taken over`);
}

/** What an earlier attempt at a part has written down, or undefined at the first. */
export async function readAttempt<Schema extends z.ZodMiniType>(
  texts: Pick<Texts, 'read'>,
  key: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const written = await texts.read(key);
  return written === undefined ? undefined : schema.parse(JSON.parse(written.text));
}

/** Every result of a step, one after the other. */
export async function* readAll<Schema extends z.ZodMiniType>(
  texts: Pick<Texts, 'read' | 'pages'>,
  prefix: string,
  schema: Schema,
): AsyncIterable<z.output<Schema>> {
  for await (const keys of texts.pages(prefix)) {
    for (const key of keys) {
      const result = await readAttempt(texts, key, schema);
      if (result !== undefined) yield result;
    }
  }
}
