import * as z from 'zod/mini';
import { readText, writeText, type TextStore } from './adapters/s3-text-store';
import { SupersededError } from './errors';
import { batchProgressSchema, progressKey, readResult, recordKey, requireLock } from './journal';
import { fromLines, toLines, type Entry } from './manifest';
import { copyNewestVersion, repairCopy, type BackupTarget } from './object-backup';
import { processUntilDeadline, type CutOffs, type ProcessingLimits } from './process-until-deadline';
import { parseStepInput } from './requests';
import type { TimeLimit } from './time-limit';
import { partRequestSchema } from './verification';

const itemSchema = z.object({
  day: z.string(),
  run: z.string(),
  resumed: z.boolean(),
  /** Unencoded, since the map's listing is not URL-encoded. */
  key: z.string(),
  size: z.number(),
});

/** Object to copy. */
export type CopyItem = Omit<z.output<typeof itemSchema>, 'resumed'> & {
  /** An earlier attempt may have made the copy. */
  readonly mayExist: boolean;
  /** Entry in the manifest that is repaired. */
  readonly entry?: Entry;
};

const failure = z.optional(z.object({ Error: z.string() }));

const batchSchema = z.object({
  /** Batch of the map over the source, or one item on an implementation that does not batch; or a manifest part to repair. */
  input: z.union([
    z.object({ Items: z.array(itemSchema), failure }),
    z.extend(itemSchema, { failure }),
    z.extend(partRequestSchema, { failure }),
  ]),
  /** Attempts of the state machine that failed. */
  retries: z._default(z.number(), 0),
});

export interface CopyBatch {
  readonly items: readonly [CopyItem, ...CopyItem[]];
  /** Error that ended the attempts at this batch: its objects are only recorded as failed. */
  readonly failure?: string;
}

/**
 * Parses a batch of the state machine, and reads the entries of a part to repair.
 *
 * @throws InvalidRequestError if the event is not a batch
 */
export async function readBatch(event: unknown, backup: TextStore): Promise<CopyBatch> {
  const { input, retries } = parseStepInput(batchSchema, event);
  const [first, ...others] = 'part' in input ? await itemsOfPart(input, backup) : itemsOf(input, retries > 0);
  if (first === undefined) return readBatch({ input: undefined }, backup);
  const error = input.failure?.Error;
  return { items: [first, ...others], ...(error === undefined ? {} : { failure: error }) };
}

type ItemInput = z.output<typeof itemSchema>;

function itemsOf(input: { readonly Items: readonly ItemInput[] } | ItemInput, retried: boolean): CopyItem[] {
  const items = 'Items' in input ? input.Items : [input];
  return items.map(({ day, run, resumed, key, size }) => ({ day, run, key, size, mayExist: resumed || retried }));
}

async function itemsOfPart(
  { day, run, part }: z.output<typeof partRequestSchema>,
  backup: TextStore,
): Promise<CopyItem[]> {
  const stored = await readText(backup, part);
  const entries = fromLines(stored?.text ?? '');
  return entries.map((entry) => ({ day, run, key: entry.key, size: entry.size, mayExist: true, entry }));
}

type FailedEntry = Extract<Entry, { status: 'failed' }>;

export interface CopyDependencies extends BackupTarget, ProcessingLimits {
  readonly journal: TextStore;
  readonly timeLimit: TimeLimit;
  readonly now: () => number;
  readonly onFailed: (entry: FailedEntry, error: unknown) => void;
}

export interface BatchResult {
  /** Unfinished, the batch is to be given to the next invocation. */
  readonly finished: boolean;
}

/**
 * Copies the objects of a batch until time runs out, and records the result of each. An object that fails is recorded as failed; the
 * others are still copied, and the run fails at its end.
 *
 * @throws SupersededError if another run has taken the lock
 */
export async function copyBatch(batch: CopyBatch, dependencies: CopyDependencies): Promise<BatchResult> {
  const { items, failure: batchFailure } = batch;
  const { journal, timeLimit, now } = dependencies;
  const { run, key: firstKey } = items[0];
  await requireLock(journal, run);
  const previous = await readResult(journal, progressKey(run, firstKey), batchProgressSchema);
  const entries = new Map((previous?.entries ?? []).map((entry) => [entry.key, entry]));
  const unfinished = items.filter(({ key }) => !entries.has(key));
  const inOrder = (): Entry[] => items.flatMap(({ key }) => entries.get(key) ?? []);
  const lastJournal = { ...journal, signal: timeLimit.recordSignal };
  const saveProgress = (cutOffs: CutOffs): Promise<void> =>
    writeText(lastJournal, progressKey(run, firstKey), JSON.stringify({ entries: inOrder(), cutOffs: [...cutOffs] }));

  let remaining = 0;
  if (batchFailure === undefined) {
    const earlierCutOffs = new Map(previous?.cutOffs);
    let savedAt = now();
    const processed = await processUntilDeadline(
      {
        items: unfinished,
        cutOffs: earlierCutOffs,
        process: async (item) => {
          entries.set(item.key, await copyItem(item, previous !== undefined, dependencies));
          // A function that is killed loses what was not saved, and objects without checksums are slow to compare again.
          if (now() - savedAt < saveInterval) return;
          savedAt = now();
          await saveProgress(earlierCutOffs);
        },
        giveUp: (item) => void entries.set(item.key, failedEntry(item, 'OutOfTime')),
      },
      dependencies,
    );
    remaining = processed.remaining.length;
    if (remaining > 0) await saveProgress(processed.cutOffs);
  } else {
    for (const item of unfinished) entries.set(item.key, failedEntry(item, batchFailure));
  }
  if (remaining === 0) {
    await writeText(lastJournal, recordKey(run, firstKey), toLines(inOrder()), 'application/x-ndjson');
  }
  return { finished: remaining === 0 };
}

/** Milliseconds between writes of the progress. */
const saveInterval = 30_000;

async function copyItem(item: CopyItem, continued: boolean, dependencies: CopyDependencies): Promise<Entry> {
  const { timeLimit, onFailed } = dependencies;
  try {
    return item.entry === undefined
      ? await copyNewestVersion(item, item.mayExist || continued, dependencies)
      : await repairEntry(item, item.entry, dependencies);
  } catch (error) {
    if (timeLimit.signal.aborted || error instanceof SupersededError) throw error;
    const entry = failedEntry(item, error instanceof Error ? error.name : typeof error);
    if (entry.status === 'failed') onFailed(entry, error);
    return entry;
  }
}

/** Repairs what a verification or an earlier run found missing; a skipped object stays skipped. */
async function repairEntry(item: CopyItem, entry: Entry, target: BackupTarget): Promise<Entry> {
  switch (entry.status) {
    case 'copied':
      return repairCopy(item.day, entry, target);
    case 'failed':
      return copyNewestVersion(item, true, target);
    case 'skipped':
      return entry;
  }
}

/** Entry of an object that could not be copied. A copied one keeps its entry, whose copy the verification checks. */
function failedEntry({ key, size, entry }: CopyItem, reason: string): Entry {
  return entry?.status === 'copied' ? entry : { status: 'failed', key, size, reason };
}
