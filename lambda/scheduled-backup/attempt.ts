import type { Deadline } from './deadline';
import { inLanes } from './lanes';

export interface AttemptDesk {
  readonly deadline: Pick<Deadline, 'hasTime' | 'signal'>;
  /** Items at once. */
  readonly lanes: number;
}

export interface Attempted<T, R> {
  readonly results: readonly R[];
  /** What the next attempt goes on with. */
  readonly left: readonly T[];
}

/** Acts on every item as far as time goes; one that is cut off when time runs out is left too. */
export async function attempt<T, R>(
  items: readonly T[],
  { deadline, lanes }: AttemptDesk,
  act: (item: T) => Promise<R>,
): Promise<Attempted<T, R>> {
  const results: R[] = [];
  const left: T[] = [];
  await inLanes(items, lanes, async (item) => {
    if (!deadline.hasTime) {
      left.push(item);
      return;
    }
    try {
      results.push(await act(item));
    } catch (error) {
      if (!deadline.signal.aborted) throw error;
      left.push(item);
    }
  });
  return { results, left };
}
