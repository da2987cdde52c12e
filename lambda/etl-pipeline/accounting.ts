import * as z from 'zod/mini';
import { AccountingError } from './errors';
import type { TransformationCounts } from './transformation';

/** Counts of one chunk's load. */
export const loadSchema = z.object({
  part: z.number(),
  loaded: z.number(),
  unchanged: z.number(),
  older: z.number(),
});

export type LoadCounts = z.output<typeof loadSchema>;

export const splitSchema = z.object({ parts: z.number(), rows: z.number() });

/** Totals of the split: chunks and the rows in them. */
export type SplitTotals = z.output<typeof splitSchema>;

export const transformTotalsSchema = z.object({
  rows: z.number(),
  staged: z.number(),
  rejected: z.number(),
  reasons: z.record(z.string(), z.number()),
});

/** Totals of the transformation, with the most frequent reasons. */
export type TransformTotals = z.output<typeof transformTotalsSchema>;

export interface LoadTotals {
  readonly loaded: number;
  readonly unchanged: number;
  readonly older: number;
}

/** Reasons in a report; a file may have as many as rows. */
const mostReasons = 20;

/**
 * Adds up the chunks of the transformation.
 *
 * @throws AccountingError unless each chunk of the split is there once, with all of its rows
 */
export function totalTransformations(split: SplitTotals, chunks: readonly TransformationCounts[]): TransformTotals {
  requireParts('transformed', split.parts, chunks);
  const total = (of: (counts: TransformationCounts) => number): number => chunks.reduce((sum, one) => sum + of(one), 0);
  const [rows, staged, rejected] = [total((one) => one.rows), total((one) => one.staged), total((one) => one.rejected)];
  requireEqual('rows that were transformed', split.rows, rows);
  requireEqual('rows that were staged or rejected', rows, staged + rejected);
  return { rows, staged, rejected, reasons: mostFrequent(chunks.map(({ reasons }) => reasons)) };
}

/**
 * Adds up the chunks of the load.
 *
 * @throws AccountingError unless in = loaded + unchanged + older + rejected
 */
export function totalLoads(
  split: SplitTotals,
  transformed: TransformTotals,
  chunks: readonly LoadCounts[],
): LoadTotals {
  requireParts('loaded', split.parts, chunks);
  const total = (of: (counts: LoadCounts) => number): number => chunks.reduce((sum, one) => sum + of(one), 0);
  const [loaded, unchanged, older] = [
    total((one) => one.loaded),
    total((one) => one.unchanged),
    total((one) => one.older),
  ];
  requireEqual('rows of the file', split.rows, loaded + unchanged + older + transformed.rejected);
  return { loaded, unchanged, older };
}

/** Whether a file has more rejected rows than its dataset permits. */
export function exceedsShare({ rows, rejected }: TransformTotals, maximumPercent: number): boolean {
  return rows > 0 && (rejected / rows) * 100 > maximumPercent;
}

function requireParts(what: string, parts: number, chunks: readonly { readonly part: number }[]): void {
  const numbers = new Set(chunks.map(({ part }) => part));
  const missing = Array.from({ length: parts }, (_, index) => index + 1).filter((part) => !numbers.has(part));
  if (missing.length > 0) throw new AccountingError(`${missing.length} of ${parts} chunks were not ${what}`);
  requireEqual(`chunks that were ${what}`, parts, chunks.length);
}

function requireEqual(what: string, expected: number, found: number): void {
  if (expected !== found) throw new AccountingError(`${what}: expected ${expected}, got ${found}`);
}

function mostFrequent(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [reason, count] of all.flatMap((one) => Object.entries(one))) {
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  const sorted = [...sums].sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, mostReasons));
}
