import pMap from 'p-map';
import type { TimeLimit } from './time-limit';

export interface ProcessingLimits {
  readonly timeLimit: Pick<TimeLimit, 'hasTimeLeft' | 'signal'>;
  /** Items processed at once. */
  readonly concurrency: number;
}

/** Numbers of attempts that the end of time cut off, by the keys of their items. */
export type CutOffs = ReadonlyMap<string, number>;

export interface Work<T, R> {
  readonly items: readonly T[];
  /** Cut-offs of earlier attempts. */
  readonly cutOffs: CutOffs;
  readonly process: (item: T) => Promise<R>;
  /** Result of an item that was cut off in its last attempt. */
  readonly giveUp: (item: T) => R;
}

export interface Processed<T, R> {
  readonly results: readonly R[];
  /** Items that the next attempt continues with. */
  readonly remaining: readonly T[];
  /** Cut-offs of the remaining items. */
  readonly cutOffs: CutOffs;
}

/** Attempts at an item; the second and third have a whole invocation for themselves. */
const maxCutOffs = 3;

/**
 * Processes items until time runs out; an item that is cut off by the end of time remains too.
 *
 * Items that were cut off before go first, one at a time, since large objects that do not finish side by side can finish one by one.
 * Only the first of them has the whole invocation, so only its cut-off counts. After three an item is given up, so that every part is
 * finished.
 */
export async function processUntilDeadline<T extends { readonly key: string }, R>(
  { items, cutOffs, process, giveUp }: Work<T, R>,
  { timeLimit, concurrency }: ProcessingLimits,
): Promise<Processed<T, R>> {
  const results: R[] = [];
  const remaining: T[] = [];
  const counts = new Map<string, number>();
  const leave = (item: T, count: number): void => {
    remaining.push(item);
    if (count > 0) counts.set(item.key, count);
  };
  const attempt = async (item: T, cutOffCounts: boolean): Promise<void> => {
    const before = cutOffs.get(item.key) ?? 0;
    if (!timeLimit.hasTimeLeft()) {
      leave(item, before);
      return;
    }
    try {
      results.push(await process(item));
    } catch (error) {
      if (!timeLimit.signal.aborted) throw error;
      const count = before + (cutOffCounts ? 1 : 0);
      if (count >= maxCutOffs) results.push(giveUp(item));
      else leave(item, count);
    }
  };
  const [first, ...others] = items.filter(({ key }) => cutOffs.has(key));
  if (first !== undefined) await attempt(first, true);
  for (const item of others) await attempt(item, false);
  const untouched = items.filter(({ key }) => !cutOffs.has(key));
  await pMap(untouched, (item) => attempt(item, true), { concurrency });
  return { results, remaining, cutOffs: counts };
}
