import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { exec } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackName } from '../../lib/stack-name';
import type { ScenarioRun } from './scenario';

const root = join(__dirname, '..', '..');

export interface CommandOptions {
  /** Values of the placeholders, by their text without the angle brackets. */
  readonly values?: Readonly<Record<string, string>>;
  /** @default 0 */
  readonly exitCode?: number;
  /** Variables beside those of this process, such as the endpoint of one service. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a command of `docs/runbook/<slug>.md` through a shell, as an operator does, and asserts its exit code.
 *
 * @param command as the page has it, with its placeholders
 * @returns what it printed, to both streams
 */
export async function runCommand(
  run: ScenarioRun,
  slug: string,
  command: string,
  { values = {}, exitCode = 0, environment = {} }: CommandOptions = {},
): Promise<string> {
  const commands = runbookCommands(await readFile(join(root, 'docs', 'runbook', `${slug}.md`), 'utf8'));
  run.assert(commands.includes(command), `the runbook has the command ${command}`);
  const filled = command.replace(/<([^<>]+)>/g, (placeholder, name: string) => values[name] ?? placeholder);
  const line = command.startsWith('npm run ops') ? `${filled}${await stackOption(run, slug)}` : filled;
  const { code, output } = await inShell(line, environment);
  run.assert(code === exitCode, `exit code ${exitCode}: ${filled}`, `${code}: ${output.slice(-1_000)}`);
  return output;
}

/** Commands of a page, each on one line: those of its shell blocks, and those in its text and tables. */
export function runbookCommands(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.replace(/\\\n\s*/g, '').split('\n'),
  );
  const text = markdown.replace(/^```[^]*?^```$/gm, '');
  const inline = [...text.matchAll(/`((?:npm run|aws) [^`]+)`/g)].map(([, command = '']) => command);
  return [...new Set([...blocks, ...inline].map((line) => line.replace(/\s+/g, ' ').trim()))].filter(
    (line) => line !== '',
  );
}

/** Whether the AWS CLI is installed, which the commands that begin with `aws` need. */
export async function hasAwsCli(): Promise<boolean> {
  return (await inShell('aws --version')).code === 0;
}

/** Option that names the stack of the check, unless the command finds that one by itself. */
async function stackOption(run: ScenarioRun, slug: string): Promise<string> {
  const id = slug.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = await new CloudFormationClient({})
    .send(new DescribeStacksCommand({ StackName: stackName(id, 'sandbox') }))
    .then(({ Stacks = [] }) => Stacks[0]?.Outputs ?? [])
    .catch(() => []);
  const isThis = found.some(({ OutputKey = '', OutputValue }) => run.outputs[OutputKey] === OutputValue);
  if (isThis) return '';
  const folder = await mkdtemp(join(tmpdir(), 'outputs-'));
  run.cleanUp('the outputs of the stack', () => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'outputs.json');
  await writeFile(file, JSON.stringify({ [stackName(id, 'sandbox')]: run.outputs }));
  return ` --outputs ${file}`;
}

function inShell(
  line: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    exec(line, { cwd: root, env: { ...process.env, ...environment } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}
