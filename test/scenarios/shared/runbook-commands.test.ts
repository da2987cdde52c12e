import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../../../lib/architectures';
import { runbookCommands } from '../../../scenarios/shared/runbook-commands';

const root = join(__dirname, '..', '..', '..');

const markdown = `# Runbook: photos

Run \`npm run ops -- photos redrive\`, or \`aws sqs  purge-queue\` of \`Photos\`.

\`\`\`sh
npm run ops -- photos show <id>
aws lambda invoke --function-name <Show> \\
  --payload '{}' /dev/stdout
\`\`\`

\`\`\`
filter level = "ERROR"
\`\`\`
`;

it('the commands of a page are those of its shell blocks and of its text, without its queries', () => {
  expect(runbookCommands(markdown)).toEqual([
    'npm run ops -- photos show <id>',
    "aws lambda invoke --function-name <Show> --payload '{}' /dev/stdout",
    'npm run ops -- photos redrive',
    'aws sqs purge-queue',
  ]);
});

/** Commands that no proof runs as they are written, by their beginning, each with the reason. */
const notRun: readonly (readonly [beginning: string, reason: string])[] = [
  ['npm run ops -- order-workflow orders --list <state>', 'the proofs run it with each state'],
  [
    'aws lambda invoke',
    "the proof approvals sends the same request by the SDK: the option is one of the CLI's version 2",
  ],
  ['aws sns list-subscriptions-by-topic', 'the proof approvals sends the same request by the SDK'],
  ['aws stepfunctions redrive-execution', 'the page says why it is not used, or the emulator ends no execution so'],
  ['aws lambda list-event-source-mappings', 'it reads alone, and alters nothing'],
  ['aws kinesis list-stream-consumers', 'it reads alone, and alters nothing'],
  ['aws sqs receive-message', "the emulator's EventBridge Scheduler gives up no start"],
  ['aws sqs purge-queue', 'it empties a queue that is empty in the proofs'],
  ['aws s3 cp', 'it writes into the current folder'],
  ['cat */part-*.ndjson', 'it reads what the command before has written'],
  ['aws sqs purge-queue', 'it empties a queue of events that other proofs look at'],
  ['aws secretsmanager put-secret-value', 'the API of the proofs takes the token that they put in by the SDK'],
  ['aws stepfunctions list-executions', 'it reads alone, and alters nothing'],
  ['aws ecs list-tasks', 'it reads alone, and alters nothing'],
  ['aws ecs describe-tasks', 'it reads alone, and alters nothing'],
  ['aws ecs stop-task', 'EndLargeRender makes the same call in large-documents'],
  ['aws stepfunctions get-execution-history', 'it reads alone, and alters nothing'],
  ['npm run ops -- document-renderer redrive --reason task-failed', 'refused-requests runs it with other reasons'],
  ['aws backup', 'the emulator has no AWS Backup'],
  ['aws rds', 'the emulator has no RDS'],
  ['export PGPASSWORD=', 'the emulator has no RDS Proxy, whose token it is'],
  ['psql', 'the emulator has no RDS Proxy'],
];

/** Text of all scenarios of an architecture. */
function scenariosOf(slug: string): string {
  const folder = join(root, 'scenarios', slug);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

const pages = architectures.map(({ slug }) => {
  const commands = runbookCommands(readFileSync(join(root, 'docs', 'runbook', `${slug}.md`), 'utf8'));
  return { slug, commands };
});

it.each(pages)('a proof runs each command of the runbook of $slug, or there is a reason', ({ slug, commands }) => {
  const scenarios = scenariosOf(slug);
  const beginning = `npm run ops -- ${slug} `;
  const isRun = (command: string): boolean =>
    [command, command.replace(beginning, '')].some((text) =>
      ["'", '"', '`'].some((quote) => scenarios.includes(`${quote}${text}${quote}`)),
    );
  const unexplained = commands.filter((command) => !notRun.some(([start]) => command.startsWith(start)));
  expect(unexplained.filter((command) => !isRun(command))).toEqual([]);
});

it('a reason is of a command that a page has', () => {
  const commands = pages.flatMap((page) => page.commands);
  expect(notRun.filter(([start]) => !commands.some((command) => command.startsWith(start)))).toEqual([]);
});
