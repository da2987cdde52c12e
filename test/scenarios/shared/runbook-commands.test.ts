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

/** Commands that no proof runs as they are written, each with the reason. */
const notRun: Readonly<Record<string, string>> = {
  'npm run ops -- order-workflow orders --list <state>': 'the proofs run it with each state',
};

/** Text of all scenarios of an architecture. */
function scenariosOf(slug: string): string {
  const folder = join(root, 'scenarios', slug);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

it.each(architectures.map(({ slug }) => slug))('a proof runs each recovery command of the runbook of %s', (slug) => {
  const commands = runbookCommands(readFileSync(join(root, 'docs', 'runbook', `${slug}.md`), 'utf8'));
  const beginning = `npm run ops -- ${slug} `;
  const operations = commands.filter((command) => command.startsWith(beginning) && !(command in notRun));
  expect(operations.length).toBeGreaterThan(0);
  const scenarios = scenariosOf(slug);
  expect(operations.filter((command) => !scenarios.includes(`'${command.slice(beginning.length)}'`))).toEqual([]);
});
