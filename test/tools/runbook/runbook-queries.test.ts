import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../../../lib/architectures';
import { failureLine } from '../../../tools/local/runtime/console-log';
import { readRunbook } from '../../../scenarios/shared/runbook-entries';
import { readQuery } from './insights-query';

const root = join(__dirname, '..', '..', '..');
const queries = architectures.flatMap(({ slug }) =>
  readRunbook(slug).flatMap(({ heading, queries }) => queries.map((query) => ({ slug, heading, ...readQuery(query) }))),
);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html, of any log. */
const ofEveryLog = ['@timestamp', '@message', '@logStream', '@log'];

/** Of Lambda's report on an invocation: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html. */
const ofReports = [
  ...['type', 'record.requestId', 'record.status'],
  ...['durationMs', 'initDurationMs', 'maxMemoryUsedMB', 'memorySizeMB'].map((metric) => `record.metrics.${metric}`),
];

/** Fields that Lambda's runtime logs for an error that a function throws. */
function ofThrownErrors(): string[] {
  const now = (): Date => new Date(0);
  const settings = { format: 'JSON', level: 'INFO', requestId: () => 'id', write: () => undefined, now };
  const line = JSON.parse(failureLine('failed', new Error('why'), settings)) as Record<string, object>;
  const { message = {}, ...head } = line;
  return [...Object.keys(head), 'message', ...Object.keys(message).map((key) => `message.${key}`)];
}

function sourcesOf(slug: string): string {
  const code = [join(root, 'lambda', slug), join(root, 'lambda', 'shared')]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return code.replace(/\/\*\*[^]*?\*\/|\/\/.*$/gm, '');
}

const standard = new Set([...ofEveryLog, ...ofReports, ...ofThrownErrors()]);

it('the runbook has queries for every architecture', () => {
  expect([...new Set(queries.map(({ slug }) => slug))]).toEqual(architectures.map(({ slug }) => slug));
});

it.each(queries)(
  '$slug, $heading: the query uses only fields and messages that are logged',
  ({ slug, fields, messages }) => {
    const source = sourcesOf(slug);
    const unknown = fields.filter((name) => !standard.has(name) && !new RegExp(`\\b${name}\\b`).test(source));
    expect(unknown).toEqual([]);
    expect(messages.filter((message) => !source.includes(`'${message}'`))).toEqual([]);
  },
);

describe('a query', () => {
  it('is read without its strings, its patterns and its aliases', () => {
    const text =
      'fields a, b.c as d\n| filter message in ["x | y", "z"] or @message like /a|b/\n| stats count(*) as n by bin(5m), d';
    expect(readQuery(text)).toEqual({
      fields: ['a', 'b.c', 'message', '@message'],
      messages: ['x | y', 'z'],
    });
  });

  it.each([
    ['dedupe a', /'dedupe' is no command/],
    ['fields a | stats median(a)', /'median' is no function/],
  ])('that is misspelled is an error: %s', (text, refusal) => {
    expect(() => readQuery(text)).toThrow(refusal);
  });
});
