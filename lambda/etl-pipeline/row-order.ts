import { createHash } from 'node:crypto';
import type { Dataset } from './dataset';
import type { EtlFile } from './file';
import { sortableInteger } from './numbers';
import type { StagedRow, Value } from './values';

/** Row as it is written: what identifies it, its place among all states of the row, and a hash of its values. */
export interface LoadableRow extends StagedRow {
  readonly id: string;
  readonly order: string;
  readonly hash: string;
}

/** Longest partition key of DynamoDB is 2,048 bytes; the rest is for the name of the dataset. */
const maximumKeyBytes = 2_000;

/** Key of a row in the table: `products#A-1`. Separators within values are escaped, so that no two keys are the same text. */
export function rowIdOf(
  { name, columns, primaryKey }: Dataset,
  values: readonly Value[],
): { readonly id: string } | { readonly reason: string } {
  const parts = primaryKey.map((key) => values[columns.findIndex((column) => column.name === key)] ?? null);
  if (parts.includes(null)) return { reason: 'row: a part of the primary key has no value' };
  const id = [name, ...parts.map(String)].map((part) => part.replaceAll('%', '%25').replaceAll('#', '%23')).join('#');
  return Buffer.byteLength(id) > maximumKeyBytes
    ? { reason: `row: use a key of at most ${maximumKeyBytes} bytes` }
    : { id };
}

/**
 * Adds what decides between two states of a row: its version if the dataset has one, then the file's place, then the line.
 *
 * It is a total order, so that the table is the same in the end in whatever order rows are written, and however often.
 */
export function loadableRow({ dataset, order }: Pick<EtlFile, 'dataset' | 'order'>, row: StagedRow): LoadableRow {
  const id = rowIdOf(dataset, row.values);
  if ('reason' in id) throw new Error(`staged row of line ${row.line} has no key`);
  const line = String(row.line).padStart(12, '0');
  const hash = createHash('sha256').update(JSON.stringify(row.values)).digest('base64url').slice(0, 22);
  return { ...row, id: id.id, order: `${versionOf(dataset, row)}/${order}/${line}`, hash };
}

/** Version as a text that sorts as the version does; rows without one are older than all that have one. */
function versionOf({ columns, versionColumn }: Dataset, { values }: StagedRow): string {
  const index = columns.findIndex(({ name }) => name === versionColumn);
  const value = values[index];
  if (value === undefined || value === null) return '';
  return columns[index]?.type === 'integer' ? sortableInteger(String(value)) : String(value);
}

/** Outcome of a row: written; the table has these values already; the table has a newer state. */
export type Verdict = 'loaded' | 'unchanged' | 'older';

/** State of a row in the table. */
export interface StoredRow {
  /** Place of the newest state that had these values. */
  readonly order: string;
  /** Place of the state that first brought them. */
  readonly contentOrder: string;
  readonly hash: string;
}

/**
 * Decides about a row that was not written since the table has a state of it.
 *
 * A row that this very line has written before keeps its verdict. `confirm`: the values are the same and the row is newer, so that
 * only its place is to be written: without it, a late file between the two would overwrite the newer one.
 */
export function decide(row: Pick<LoadableRow, 'order' | 'hash'>, stored: StoredRow): Verdict | 'confirm' | 'write' {
  if (stored.contentOrder === row.order) return 'loaded';
  if (stored.order === row.order) return 'unchanged';
  if (stored.order > row.order) return 'older';
  return stored.hash === row.hash ? 'confirm' : 'write';
}
