import { z } from 'zod';
import { datasetSchema, origin, sourceName, type Column, type Dataset } from '../../lambda/etl-pipeline/dataset';
import { readDate, readInstant } from '../../lambda/etl-pipeline/dates';
import { incomingPrefix } from '../../lambda/etl-pipeline/s3-event';
import { readValue } from '../../lambda/etl-pipeline/values';
import { extractSettings } from './extract-settings';

/** Dataset of the default deployment, and of the tests. */
const products = datasetSchema.parse({
  name: 'products',
  prefix: 'products/',
  columns: [
    { name: 'sku', type: 'text', required: true, pattern: '[A-Z0-9-]{1,40}' },
    { name: 'name', type: 'text', required: true, maximumLength: 500 },
    { name: 'price', type: 'decimal', required: true, minimum: '0' },
    { name: 'currency', type: 'text', required: true, values: ['EUR', 'GBP', 'USD'] },
    { name: 'stock', type: 'integer', default: '0', minimum: '0' },
    { name: 'discontinued', type: 'boolean', default: 'false' },
    { name: 'availableFrom', type: 'date', source: 'available_from' },
    { name: 'updatedAt', type: 'instant', source: 'updated_at', required: true },
  ],
  primaryKey: ['sku'],
  versionColumn: 'updatedAt',
} satisfies z.input<typeof datasetSchema>);

/** Every execution carries them, within the 256 KiB of a state. */
const mostDatasetBytes = 50_000;

/**
 * Most characters of the prefixes in the rule's pattern, of which EventBridge takes 2,048: the rest is the name of the bucket.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const mostPrefixCharacters = 1_800;

/** Settings of etl-pipeline: `-c etl-pipeline='{…}'`, or the key `etl-pipeline` of the context in `cdk.json`. */
export const etlPipelineSettings = z
  .strictObject({
    datasets: z
      .array(datasetSchema)
      .min(1)
      .max(20)
      .default([products])
      .describe('Kinds of files: folder, format and columns; see Datasets. Default: one, `products`.'),
    chunkKilobytes: z
      .int()
      .min(1)
      .max(16_384)
      .default(4_096)
      .describe('Size of the chunks that are transformed and loaded by one function each.'),
    maximumConcurrency: z
      .int()
      .min(1)
      .max(1_000)
      .default(4)
      .describe('Chunks of a file at once. A new account has ten concurrent executions for all its functions.'),
    rowsAtOnce: z.int().min(1).max(500).default(32).describe('Rows that one function writes at once.'),
    memoryMegabytes: z.int().min(512).max(10_240).default(1_024).describe('CPU and network grow in proportion to it.'),
    maximumFileGigabytes: z
      .number()
      .positive()
      .max(50)
      .default(10)
      .describe('Larger files are quarantined; it counts what is decompressed, too.'),
    maximumRecordKilobytes: z
      .int()
      .min(1)
      .max(4_096)
      .default(256)
      .describe('Longest record of a file; a longer one is rejected.'),
    timeoutHours: z.int().min(1).max(143).default(12).describe('Longest duration of a file.'),
    lateMinutes: z
      .int()
      .min(5)
      .max(10_000)
      .default(60)
      .describe('Alarm when a file has been under way, or failed, for so long.'),
    alarmRejectPercent: z
      .number()
      .gt(0)
      .max(100)
      .default(2)
      .describe('Alarm when a file has so many rejected rows, though it is loaded.'),
    workDays: z.int().min(1).max(90).default(7).describe('Days that chunks and staged rows are kept.'),
    extract: extractSettings
      .optional()
      .describe('Extracts records from an API on a schedule; see Extract. Default: none.'),
    dashboard: z.boolean().optional().describe('Adds a CloudWatch dashboard. Default: in prod only.'),
  })
  .superRefine(({ datasets, extract, timeoutHours, workDays }, context) => {
    const refuse = (message: string, ...path: (string | number)[]): void =>
      context.addIssue({ code: 'custom', path: ['datasets', ...path], message });
    for (const [index, dataset] of datasets.entries()) {
      for (const problem of problemsOf(dataset)) refuse(problem, index);
      const { name, prefix } = dataset;
      if (datasets.some((other, at) => at < index && (other.name === name || other.prefix === prefix))) {
        refuse(`use another name and another prefix: '${name}' and '${prefix}' are there already`, index);
      }
    }
    if (extract !== undefined && datasets.find(({ name }) => name === extract.dataset)?.format !== 'jsonl') {
      const message = `use the name of a dataset with "format": "jsonl": '${extract.dataset}' is none`;
      context.addIssue({ code: 'custom', path: ['extract', 'dataset'], message });
    }
    if (workDays * 24 < timeoutHours) {
      const message = `use at least ${Math.ceil(timeoutHours / 24)} days, so that no chunk of a file under way expires`;
      context.addIssue({ code: 'custom', path: ['workDays'], message });
    }
    const bytes = Buffer.byteLength(JSON.stringify(datasets));
    if (bytes > mostDatasetBytes) refuse(`use at most ${mostDatasetBytes} bytes, found ${bytes}`);
    const { length } = JSON.stringify(datasets.map(({ prefix }) => ({ prefix: incomingPrefix + prefix })));
    if (length > mostPrefixCharacters)
      refuse(`use shorter prefixes: at most ${mostPrefixCharacters} characters in the rule, found ${length}`);
  });

export type EtlPipelineSettings = z.output<typeof etlPipelineSettings>;

/** Columns that curated rows have besides those of the dataset, and the partition. */
const ownColumns: readonly string[] = [...origin, 'day'];

function problemsOf({ columns, primaryKey, versionColumn }: Dataset): string[] {
  const names = columns.map(({ name }) => name);
  const sources = columns.map(sourceName);
  const version = columns.find(({ name }) => name === versionColumn);
  return [
    ...(new Set(names.map((name) => name.toLowerCase())).size < names.length
      ? ['columns: use each name once, in upper or lower case: Athena does not tell them apart']
      : []),
    ...names
      .filter((name) => ownColumns.includes(name.toLowerCase()))
      .map((name) => `column '${name}': curated rows have one of their own: use another name, and this one as source`),
    ...(new Set(sources).size < sources.length ? ['columns: use each source once'] : []),
    ...primaryKey
      .filter((key) => columns.find(({ name }) => name === key)?.required !== true)
      .map((key) => `primaryKey: '${key}' must be a required column`),
    ...(versionColumn !== undefined && !['integer', 'date', 'instant'].includes(version?.type ?? '')
      ? [`versionColumn: '${versionColumn}' must be a column of type integer, date or instant`]
      : []),
    ...columns.flatMap((column) => columnProblems(column).map((problem) => `column '${column.name}': ${problem}`)),
  ];
}

function columnProblems(column: Column): string[] {
  const { type, pattern, minimum, maximum, default: value, decimalSeparator, groupSeparator } = column;
  const isNumber = type === 'integer' || type === 'decimal';
  const isLimit = (text: string): boolean => {
    if (isNumber) return /^-?\d{1,38}(\.\d{1,38})?$/.test(text);
    if (type === 'date') return readDate(text, 'YYYY-MM-DD') === text;
    return type === 'instant' && readInstant(text) === text;
  };
  const wrongLimits = [minimum, maximum].filter((limit) => limit !== undefined && !isLimit(limit));
  const isWrongPattern = pattern !== undefined && !isPattern(pattern);
  const result = value === undefined || isWrongPattern || wrongLimits.length > 0 ? undefined : readValue(column, value);
  return [
    ...(isWrongPattern ? [`pattern: '${pattern}' is no regular expression`] : []),
    ...wrongLimits.map((limit) => `'${limit ?? ''}' is no limit of type ${type}, in its canonical form`),
    ...(decimalSeparator === groupSeparator ? ['use different separators for decimals and groups'] : []),
    ...(result !== undefined && 'reason' in result ? [`default: ${result.reason}`] : []),
  ];
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
