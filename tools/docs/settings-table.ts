import { z } from 'zod';

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Property>>;
}

/** Setting of an architecture. */
export interface Setting {
  /** Path of keys: `output.prefix`. */
  readonly key: string;
  /** Undefined if it has none, or one that depends on the stage. */
  readonly default: unknown;
  readonly description: string | undefined;
}

/** Settings of a schema in its order, those of nested objects by their path. */
export function settingsOf(schema: z.ZodType): Setting[] {
  return settingsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Property, '');
}

function settingsIn({ properties = {} }: Property, prefix: string): Setting[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    if (property.properties !== undefined) return settingsIn(property, `${key}.`);
    return [{ key, default: property.default, description: property.description }];
  });
}

const start = '<!-- settings: written by npm run docs -->';
const end = '<!-- /settings -->';

/**
 * Returns a README with the table of settings between its two marks.
 *
 * @throws Error if it lacks the marks
 */
export function withSettings(readme: string, settings: readonly Setting[]): string {
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the README lacks the lines '${start}' and '${end}'`);
  const rows = settings.map((setting) => [`\`${setting.key}\``, defaultOf(setting), setting.description ?? '']);
  const table = aligned([['Key', 'Default', ''], ...rows]);
  return `${readme.slice(0, from)}${start}\n\n${table}\n\n${readme.slice(to)}`;
}

/** Longest default that the table shows. */
const longestDefault = 30;

function defaultOf({ default: value }: Setting): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return value.toLocaleString('en-US');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === '') return '`""`';
  return text.length > longestDefault ? 'see the schema' : `\`${text}\``;
}

/** Markdown table as the formatter aligns it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...[head, ...escaped].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...escaped.map(line)].join('\n');
}
