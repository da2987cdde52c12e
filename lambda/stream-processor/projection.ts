import pMap from 'p-map';
import { InvalidChangeError, parseChange, type AccountChange, type ReceivedChange } from './account-change';
import { eventOf, type DomainEvent } from './domain-event';
import type { StreamFailure } from './stream-response';

export interface ProjectionWork {
  readonly concurrency: number;
  /** Writes a change into the view; returns whether the view had no newer version. */
  readonly project: (change: AccountChange) => Promise<boolean>;
  /** Publishes at most ten events; returns the error of each that was refused, by its place. */
  readonly publish: (events: readonly DomainEvent[]) => Promise<ReadonlyMap<number, Error>>;
}

export interface ProjectionResult {
  readonly projected: number;
  readonly overtaken: number;
  readonly published: number;
  readonly failure: StreamFailure | undefined;
}

interface IndexedChange {
  readonly change: AccountChange;
  readonly index: number;
}

/** Entries that EventBridge takes in one call. */
const entriesAtOnce = 10;

/**
 * Writes the changes of a batch into the view and publishes their events, those of one account in order.
 *
 * A change that fails stops the later ones of its account. Those of other accounts go on; they are recognized when they are
 * delivered again, and their events have the same ids.
 */
export async function projectBatch(
  received: readonly ReceivedChange[],
  work: ProjectionWork,
): Promise<ProjectionResult> {
  const { changes, poison } = parseUpToPoison(received);
  const failures: StreamFailure[] = poison === undefined ? [] : [poison];
  const accounts = [...Map.groupBy(changes, ({ change }) => change.accountId).values()];
  const count = { projected: 0, overtaken: 0 };
  const sequences = await pMap(
    accounts,
    async (sequence) => {
      const done: IndexedChange[] = [];
      for (const one of sequence) {
        try {
          const isNewest = await work.project(one.change);
          count[isNewest ? 'projected' : 'overtaken'] += 1;
          done.push(one);
        } catch (error) {
          failures.push({ index: one.index, error });
          break;
        }
      }
      return done;
    },
    { concurrency: work.concurrency },
  );
  const published = await publishInOrder(sequences, work.publish, failures);
  const [failure] = failures.sort((one, other) => one.index - other.index);
  return { ...count, published, failure };
}

function parseUpToPoison(received: readonly ReceivedChange[]): {
  changes: IndexedChange[];
  poison: StreamFailure | undefined;
} {
  const changes: IndexedChange[] = [];
  for (const [index, record] of received.entries()) {
    try {
      changes.push({ change: parseChange(record), index });
    } catch (error) {
      if (!(error instanceof InvalidChangeError)) throw error;
      return { changes, poison: { index, error } };
    }
  }
  return { changes, poison: undefined };
}

/**
 * Publishes each account's events one after the other: a call has at most one of each account, so that a refused entry is never
 * followed by a later one.
 */
async function publishInOrder(
  sequences: readonly (readonly IndexedChange[])[],
  publish: ProjectionWork['publish'],
  failures: StreamFailure[],
): Promise<number> {
  let published = 0;
  let left = sequences.filter((sequence) => sequence.length > 0);
  while (left.length > 0) {
    const next: (readonly IndexedChange[])[] = [];
    for (let start = 0; start < left.length; start += entriesAtOnce) {
      const some = left.slice(start, start + entriesAtOnce);
      const firsts = some.flatMap(([first]) => first ?? []);
      const refused = await publish(firsts.map(({ change }) => eventOf(change)));
      for (const [place, [first, ...rest]] of some.entries()) {
        const error = refused.get(place);
        if (error !== undefined && first !== undefined) {
          failures.push({ index: first.index, error });
          continue;
        }
        published += 1;
        if (rest.length > 0) next.push(rest);
      }
    }
    left = next;
  }
  return published;
}
