import * as z from 'zod/mini';

/** Types of values. Integers and decimals stay text from the file to the table: a JavaScript number would round them. */
export const columnTypes = ['text', 'integer', 'decimal', 'boolean', 'date', 'instant'] as const;

export const dateFormats = ['YYYY-MM-DD', 'DD.MM.YYYY', 'MM/DD/YYYY', 'DD/MM/YYYY'] as const;

const name = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'use letters, digits and _, a letter first'));

const columnSchema = z.strictObject({
  name,
  type: z.enum(columnTypes),
  /** Name in the file. @default the column's name */
  source: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  /** Rows without a value are rejected. */
  required: z._default(z.boolean(), false),
  /** Removes spaces at both ends. */
  trim: z._default(z.boolean(), true),
  /** Value, as a file would have it, for rows without one. */
  default: z.optional(z.string()),
  /** Regular expression that the whole text must match. */
  pattern: z.optional(z.string()),
  /** Permitted texts. */
  values: z.optional(z.array(z.string()).check(z.minLength(1))),
  /** Least and greatest number; for dates and instants, the first and last one. */
  minimum: z.optional(z.string()),
  maximum: z.optional(z.string()),
  /** Most characters of a text. */
  maximumLength: z._default(z.int().check(z.positive(), z.lte(100_000)), 10_000),
  /** Of integers and decimals. */
  decimalSeparator: z._default(z.enum(['.', ',']), '.'),
  groupSeparator: z.optional(z.enum([',', '.', ' ', "'"])),
  dateFormat: z._default(z.enum(dateFormats), 'YYYY-MM-DD'),
});

export type Column = z.output<typeof columnSchema>;

export const datasetSchema = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, 'use lower case, digits and -')),
  /** Key prefix of its files, below `incoming/`. */
  prefix: z.string().check(z.regex(/^[\w.-]+(\/[\w.-]+)*\/$/, "use folders that end in '/', such as 'products/'")),
  format: z._default(z.enum(['csv', 'jsonl']), 'csv'),
  /** `auto`: by the byte order mark, and UTF-8 without one. */
  encoding: z._default(z.enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252']), 'auto'),
  delimiter: z._default(z.enum([',', ';', '\t', '|']), ','),
  columns: z.array(columnSchema).check(z.minLength(1), z.maxLength(200)),
  /** Columns whose values identify a row. */
  primaryKey: z.array(name).check(z.minLength(1), z.maxLength(5)),
  /** Column by which the newest state of a row is known. @default none: a row of a newer file is newer */
  versionColumn: z.optional(name),
  /** A file with more rejected rows is quarantined. */
  maximumRejectPercent: z._default(z.number().check(z.gte(0), z.lte(100)), 5),
});

export type Dataset = z.output<typeof datasetSchema>;

/** Columns that curated rows have beside those of the dataset: where a row comes from. */
export const origin = ['file_id', 'line'] as const;

/** Name that a column has in the file. */
export function sourceName({ source, name: own }: Column): string {
  return source ?? own;
}
