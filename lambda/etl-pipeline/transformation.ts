import * as z from 'zod/mini';
import { sourceName, type Dataset } from './dataset';
import type { Format } from './file';
import { rowIdOf } from './row-order';
import { parseCsv, parseJsonLine, type ParsedRow } from './rows';
import type { RawRecord } from './record-scanner';
import { readValue, type StagedRow, type Value } from './values';

/** Row that cannot, with everything that is wrong with it. */
export interface RejectedRow {
  readonly line: number;
  readonly raw: string;
  readonly reasons: readonly string[];
}

export interface Transformation {
  readonly staged: readonly StagedRow[];
  readonly rejected: readonly RejectedRow[];
}

/** Counts of one chunk, stored beside its rows. */
export const transformationSchema = z.object({
  part: z.number(),
  rows: z.number(),
  staged: z.number(),
  rejected: z.number(),
  /** Rejected rows by reason; a row with two reasons is in both. */
  reasons: z.record(z.string(), z.number()),
});

export type TransformationCounts = z.output<typeof transformationSchema>;

/** Turns the records of a chunk into rows. */
export function transform(records: readonly RawRecord[], dataset: Dataset, { header }: Format): Transformation {
  const parsed = parse(records, dataset, header);
  const staged: StagedRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const [index, { line, raw, tooLongBytes }] of records.entries()) {
    const row = tooLongBytes === undefined ? parsed[index] : { reason: 'row: longer than a record may be' };
    const result = row === undefined ? { reasons: ['row: not read'] } : toValues(row, dataset);
    if ('values' in result) staged.push({ line, values: result.values });
    else rejected.push({ line, raw, reasons: result.reasons });
  }
  return { staged, rejected };
}

export function countRows(part: number, { staged, rejected }: Transformation): TransformationCounts {
  const reasons: Record<string, number> = {};
  for (const reason of rejected.flatMap((row) => row.reasons)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { part, rows: staged.length + rejected.length, staged: staged.length, rejected: rejected.length, reasons };
}

function parse(records: readonly RawRecord[], { format, delimiter }: Dataset, header: Format['header']): ParsedRow[] {
  if (format === 'jsonl') return records.map(({ raw }) => parseJsonLine(raw));
  const whole = records.map((record) => (record.tooLongBytes === undefined ? record : { ...record, raw: '-' }));
  return parseCsv(whole, header ?? [], delimiter);
}

/** Longest text of a row's values together: DynamoDB takes 400 KB of an item. */
const maximumRowBytes = 350_000;

function toValues(row: ParsedRow, dataset: Dataset): { values: Value[] } | { reasons: string[] } {
  if ('reason' in row) return { reasons: [row.reason] };
  const results = dataset.columns.map((column) => ({
    column,
    result: readValue(column, row.fields.get(sourceName(column))),
  }));
  const reasons = results.flatMap(({ column, result }) =>
    'reason' in result ? [`${column.name}: ${result.reason}`] : [],
  );
  if (reasons.length > 0) return { reasons };
  const values = results.map(({ result }) => ('value' in result ? result.value : null));
  const id = rowIdOf(dataset, values);
  if ('reason' in id) return { reasons: [id.reason] };
  const bytes = values.reduce<number>((sum, value) => sum + Buffer.byteLength(String(value ?? '')), 0);
  return bytes > maximumRowBytes ? { reasons: [`row: use at most ${maximumRowBytes} bytes`] } : { values };
}
