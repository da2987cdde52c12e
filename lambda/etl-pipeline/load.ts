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
  /** Rows written at once. */
  readonly concurrency: number;
}

/** Loads the rows that have no verdict yet, until time runs out, and returns the verdicts of all. */
export async function loadRows(
  rows: readonly StagedRow[],
  before: Verdicts,
  { loadRow, hasTimeLeft, concurrency }: LoadEffects,
): Promise<Verdicts> {
  return pMap(rows, async (row, index) => before[index] ?? (hasTimeLeft() ? await loadRow(row) : null), {
    concurrency,
  });
}

export function countVerdicts(part: number, verdicts: Verdicts): LoadCounts {
  const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  return { part, loaded: count('loaded'), unchanged: count('unchanged'), older: count('older') };
}
