import pMap from 'p-map';
import type { TimeLimit } from './time-limit';

export interface ProcessingLimits {
  readonly timeLimit: Pick<TimeLimit, 'hasTimeLeft' | 'signal'>;
  /** Items processed at once. */
  readonly concurrency: number;
}

export interface Processed<T, R> {
  readonly results: readonly R[];
  /** Items that the next attempt continues with. */
  readonly remaining: readonly T[];
}

/** Processes items until time runs out; an item that is cut off by the end of time remains too. */
export async function processUntilDeadline<T, R>(
  items: readonly T[],
  { timeLimit, concurrency }: ProcessingLimits,
  process: (item: T) => Promise<R>,
): Promise<Processed<T, R>> {
  const results: R[] = [];
  const remaining: T[] = [];
  await pMap(
    items,
    async (item) => {
      if (!timeLimit.hasTimeLeft()) {
        remaining.push(item);
        return;
      }
      try {
        results.push(await process(item));
      } catch (error) {
        if (!timeLimit.signal.aborted) throw error;
        remaining.push(item);
      }
    },
    { concurrency },
  );
  return { results, remaining };
}
