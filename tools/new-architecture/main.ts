import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand, UsageError } from '../../operations/command-line/command';
import { changesFor, writeAll, type Change } from './change';
import { namesOf, type Names } from './names';

const root = join(__dirname, '..', '..');

const help = `Makes a new architecture that deploys, runs and is tested: one function that answers, with its alarms.

  npm run new -- <name> [options]

  name              in kebab-case, such as order-intake
  --handler <name>  file of its function, verb and noun in kebab-case (default answer-<name>)
  --dry-run         lists what would be written, and writes nothing
  --help            this text

One test fails at first, and lists what is left to do: npx jest test/lambda/<name>
All of it is written or nothing. Exit code: 0 written, 1 it is there already or cannot be written, 2 wrong usage.`;

interface Options {
  readonly names: Names;
  readonly dryRun: boolean;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [slug = '', ...others] = positionals;
  if (slug === '' || others.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': give one name, such as npm run new -- order-intake`);
  }
  return { names: namesOf(slug, values.handler), dryRun: values['dry-run'] };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      handler: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

async function main(args: readonly string[]): Promise<undefined> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return;
  }
  const { names, dryRun } = options;
  const changes = await Promise.all(changesFor(root, names).map(formatted));
  if (!dryRun) writeAll(root, changes);
  for (const { path, before } of changes) console.log(`${before === undefined ? 'new   ' : 'change'}  ${path}`);
  console.log(dryRun ? 'nothing is written' : nextSteps(names));
}

/** A longer name breaks lines elsewhere than a shorter one, and widens the table of the README. */
async function formatted(change: Change): Promise<Change> {
  const { format } = await import('oxfmt');
  const {
    $schema: _,
    ignorePatterns: __,
    ...style
  } = JSON.parse(readFileSync(join(root, '.oxfmtrc.json'), 'utf8')) as {
    [option: string]: unknown;
  };
  const { code, errors } = await format(change.path, change.text, style);
  const [error] = errors;
  if (error !== undefined)
    throw new Error(
      `${change.path} would not be well-formed: ${error.message}: fix its file in tools/new-architecture/skeleton`,
    );
  return { ...change, text: code };
}

function nextSteps({ slug }: Names): string {
  return `
next:
  npx jest test/lambda/${slug}         what is left to do, line by line
  npm run local -- ${slug}             deploys it to the emulator here and runs its smoke test
  npm run docs                         brings docs/ up to date
  npm run prove -- ${slug}             runs all its proofs
  npm run docs -- --record             takes their counts and the use of its permissions into docs/
CONTRIBUTING.md says how the rest is done.`;
}

if (require.main === module) void runCommand(() => main(process.argv.slice(2)));
