import pMap from 'p-map';
import * as z from 'zod/mini';
import type { LoadCounts } from './accounting';
import type { Verdict } from './row-order';
import type { StagedRow } from './values';

/** Verdicts of a chunk's rows so far, by their index. */
export const progressSchema = z.object({
  verdicts: z.array(z.nullable(z.enum(['loaded', 'unchanged', 'older']))),
});

export type Verdicts = readonly (Verdict | null)[];

export interface LoadEffects {
  readonly loadRow: (row: StagedRow) => Promise<Verdict>;
  readonly hasTimeLeft: () => boolean;
  /** Whether a later attempt at a row may succeed. */
  readonly mayClear: (error: unknown) => error is Error;
  /** Rows written at once. */
  readonly concurrency: number;
}

export interface LoadResult {
  readonly verdicts: Verdicts;
  /** Error of a row that a later attempt may load; such rows have no verdict. */
  readonly busy?: Error;
}

/** Rows that fail one after the other, for each that is written at once, until the table is left alone for this attempt. */
const failuresInARow = 4;

/**
 * Loads the rows that have no verdict yet, until time runs out. A busy row does not end the others: once the SDK has used up its
 * retry tokens, each disturbed request is one, and an attempt that began anew at the first would hardly get further.
 *
 * @throws the error of a row that no later attempt can load
 */
export async function loadRows(
  rows: readonly StagedRow[],
  before: Verdicts,
  { loadRow, hasTimeLeft, mayClear, concurrency }: LoadEffects,
): Promise<LoadResult> {
  let busy: Error | undefined;
  let failed = 0;
  const load = async (row: StagedRow): Promise<Verdict | null> => {
    if (failed >= failuresInARow * concurrency || !hasTimeLeft()) return null;
    try {
      const verdict = await loadRow(row);
      failed = 0;
      return verdict;
    } catch (error) {
      if (!mayClear(error)) throw error;
      failed++;
      busy = error;
      return null;
    }
  };
  const verdicts = await pMap(rows, async (row, index) => before[index] ?? (await load(row)), { concurrency });
  return { verdicts, ...(busy === undefined ? {} : { busy }) };
}

export function countVerdicts(part: number, verdicts: Verdicts): LoadCounts {
  const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  return { part, loaded: count('loaded'), unchanged: count('unchanged'), older: count('older') };
}
