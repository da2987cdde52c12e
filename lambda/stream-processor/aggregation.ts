import pMap from 'p-map';
import type { Reading } from './reading';
import { sortBatch, type ReceivedRecord, type WindowGroup, type WindowRules } from './reading-batch';
import type { StreamFailure } from './stream-response';

export interface AggregationWork {
  readonly rules: WindowRules;
  readonly concurrency: number;
  /** Adds readings to their window, each once; returns how many were new. @throws Error of a group that has to be delivered again */
  readonly addToWindow: (group: WindowGroup) => Promise<number>;
  /** Writes readings to the archive, those that are too late apart. */
  readonly archive: (readings: readonly Reading[], late: readonly Reading[]) => Promise<void>;
}

export interface AggregationResult {
  readonly added: number;
  readonly repeated: number;
  readonly late: number;
  /** First record of the batch that has to be delivered again, with all after it. */
  readonly failure: StreamFailure | undefined;
}

/**
 * Adds the readings of a batch to their windows and archives them.
 *
 * The archive comes first: a reading that is in a window is in the archive. Readings behind the first failure may have taken
 * effect; they are recognized when they are delivered again.
 */
export async function aggregateBatch(
  records: readonly ReceivedRecord[],
  work: AggregationWork,
): Promise<AggregationResult> {
  const { groups, late, repeated, poison } = sortBatch(records, work.rules);
  const readings = groups.flatMap((group) => group.readings);
  if (readings.length + late.length > 0) await work.archive(readings, late);
  const failures: StreamFailure[] = poison === undefined ? [] : [poison];
  const added = await pMap(
    groups,
    (group) =>
      work.addToWindow(group).catch((error: unknown) => {
        failures.push({ index: group.firstIndex, error });
        return 0;
      }),
    { concurrency: work.concurrency },
  );
  const total = added.reduce((sum, count) => sum + count, 0);
  const [failure] = failures.sort((one, other) => one.index - other.index);
  return { added: total, repeated: repeated + readings.length - total, late: late.length, failure };
}
