import { origin, type Column, type Dataset } from '../../lambda/etl-pipeline/dataset';

/** Types of columns in Athena, as `curated.ts` writes them. */
const athenaTypes: Readonly<Record<Column['type'], string>> = {
  text: 'string',
  integer: 'string',
  decimal: 'string',
  boolean: 'boolean',
  date: 'date',
  instant: 'timestamp',
};

/** Statements that make a dataset's curated rows a table of Athena, whose partitions it finds by itself. */
export function athenaStatement({ name, columns }: Dataset, bucket: string): string {
  const table = name.replaceAll('-', '_');
  const location = `s3://${bucket}/curated/${name}/`;
  return [
    `CREATE EXTERNAL TABLE \`${table}\` (`,
    [
      ...origin.map((one) => `  \`${one}\` string`),
      ...columns.map((one) => `  \`${one.name.toLowerCase()}\` ${athenaTypes[one.type]}`),
    ].join(',\n'),
    ')',
    'PARTITIONED BY (`day` string)',
    'STORED AS PARQUET',
    `LOCATION '${location}'`,
    'TBLPROPERTIES (',
    "  'projection.enabled' = 'true',",
    "  'projection.day.type' = 'date',",
    "  'projection.day.format' = 'yyyy-MM-dd',",
    "  'projection.day.range' = '2020-01-01,NOW',",
    `  'storage.location.template' = '${location}day=\${day}/'`,
    ')',
  ].join('\n');
}
