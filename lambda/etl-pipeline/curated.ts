import { parquetWriteBuffer } from 'hyparquet-writer';
import { origin, type Column } from './dataset';
import type { EtlFile } from './file';
import type { StagedRow, Value } from './values';

type Element = Readonly<Record<string, string>> & { readonly type: 'BYTE_ARRAY' | 'BOOLEAN' | 'INT32' | 'INT64' };

/**
 * Type of a column in Parquet. Numbers stay text: 38 digits with any number of decimals fit no type of it, and a query casts them to the
 * precision that it wants.
 */
const elements: Readonly<Record<Column['type'], Element>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  decimal: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/** Makes a Parquet file of loaded rows; the same rows make the same bytes. */
export function toParquet(
  { fileId, dataset }: Pick<EtlFile, 'fileId' | 'dataset'>,
  rows: readonly StagedRow[],
): Uint8Array {
  const columns = dataset.columns.map((column, index) => ({
    element: { name: column.name, repetition_type: 'OPTIONAL' as const, ...elements[column.type] },
    data: rows.map(({ values }) => toData(column, values[index] ?? null)),
  }));
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
  const all = [
    { element: { name: origin[0], ...text }, data: rows.map(() => fileId) },
    { element: { name: origin[1], ...text }, data: rows.map(({ line }) => String(line)) },
    ...columns,
  ];
  const buffer = parquetWriteBuffer({
    schema: [{ name: 'root', num_children: all.length }, ...all.map(({ element }) => element)] as NonNullable<
      Parameters<typeof parquetWriteBuffer>[0]['schema']
    >,
    columnData: all.map(({ element, data }) => ({ name: element.name, data })),
    createdBy: 'etl-pipeline',
  });
  return new Uint8Array(buffer);
}

function toData({ type }: Column, value: Value): string | boolean | Date | null {
  return value === null || (type !== 'date' && type !== 'instant') ? value : new Date(String(value));
}
