import { median } from 'simple-statistics';

/** What a bench has measured, as Markdown without its heading, and the versions of what it compared with. */
export interface Measured {
  readonly body: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** A table in Markdown: the first column is text, the others are numbers; a number is rounded to what it can say. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map((cell) => (typeof cell === 'number' ? rounded(cell) : cell))));
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...body].join('\n');
}

/** Three digits or so: `0.91`, `12.4`, `213,362`; a dash where there is no number. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString('en', digits);
}

/** The median of one figure; NaN, which a table shows as a dash, where there are no samples. */
export function medianOf<Sample>(samples: readonly Sample[], figure: (sample: Sample) => number): number {
  return samples.length === 0 ? Number.NaN : median(samples.map(figure));
}

/** Paragraphs and tables with a blank line between them. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.join('\n\n');
}
