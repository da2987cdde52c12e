import { CsvError, parse } from 'csv-parse/sync';
import { isNumber, parseJson } from './json';
import type { RawRecord } from './record-scanner';

/** Values of a row by the names of the file, or why the record is no row. */
export type ParsedRow = { readonly fields: ReadonlyMap<string, string> } | { readonly reason: string };

/** Most fields of a record, so that one with ten thousand is refused before its fields are looked at. */
export const maximumFields = 1_000;

/** Parses records of a CSV file; each is its own row, whatever is wrong with those around it. */
export function parseCsv(records: readonly RawRecord[], header: readonly string[], delimiter: string): ParsedRow[] {
  return recordsOf(
    records.map(({ raw }) => raw),
    delimiter,
  ).map((fields) => {
    if ('reason' in fields) return fields;
    const { length } = fields.values;
    if (length !== header.length) return { reason: `row: expected ${header.length} fields, found ${length}` };
    return { fields: new Map(header.map((name, index) => [name, fields.values[index] ?? ''])) };
  });
}

/** Parses the first record. @returns undefined if its quotes are wrong */
export function parseHeader(raw: string, delimiter: string): string[] | undefined {
  const [record] = recordsOf([raw], delimiter);
  return record !== undefined && 'values' in record ? record.values : undefined;
}

type Fields = { readonly values: string[] } | { readonly reason: string };

/** All at once, which is five times as fast; where a record stops the parser, each half again, down to that record. */
function recordsOf(raws: readonly string[], delimiter: string): Fields[] {
  if (raws.length === 0) return [];
  try {
    const rows = parse(raws.join('\n'), { delimiter, relax_column_count: true, record_delimiter: '\n' });
    if (rows.length === raws.length) return rows.map((values) => ({ values }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  if (raws.length === 1) return [{ reason: 'row: quotes are not as RFC 4180 has them' }];
  const middle = raws.length >> 1;
  return [...recordsOf(raws.slice(0, middle), delimiter), ...recordsOf(raws.slice(middle), delimiter)];
}

/** Parses a line of JSON Lines: an object whose values are texts, numbers or booleans. */
export function parseJsonLine(raw: string): ParsedRow {
  let value: unknown;
  try {
    value = parseJson(raw);
  } catch {
    return { reason: 'row: use one JSON object a line' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isNumber(value)) {
    return { reason: 'row: use one JSON object a line' };
  }
  const entries = Object.entries(value);
  if (entries.length > maximumFields) return { reason: `row: use at most ${maximumFields} fields` };
  const fields = new Map<string, string>();
  for (const [name, one] of entries) {
    const text = textOf(one);
    if (text === undefined) return { reason: `${name.slice(0, 64)}: use a text, a number or a boolean` };
    fields.set(name, text);
  }
  return { fields };
}

function textOf(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return isNumber(value) ? JSON.stringify(value) : undefined;
}
