import { median } from 'simple-statistics';

/** Result of a benchmark as Markdown without a heading, with the versions of the compared packages. */
export interface Measured {
  readonly body: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Markdown table with text in the first column and rounded numbers in the others. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map((cell) => (typeof cell === 'number' ? rounded(cell) : cell))));
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...body].join('\n');
}

/** Number with about three digits: `0.91`, `12.4`, `213,362`; a dash for NaN. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString('en', digits);
}

/** Median of one value of the samples; NaN, which a table shows as a dash, if there are none. */
export function medianOf<Sample>(samples: readonly Sample[], valueOf: (sample: Sample) => number): number {
  return samples.length === 0 ? Number.NaN : median(samples.map(valueOf));
}

/** Paragraphs and tables separated by blank lines. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.join('\n\n');
}
