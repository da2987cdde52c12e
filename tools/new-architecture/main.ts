import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand, UsageError } from '../../operations/command-line/command';
import { changesFor, writeAll, type Change } from './change';
import { namesOf, type Names } from './names';

const root = join(__dirname, '..', '..');

const help = `Makes a new architecture that deploys, runs and is tested: a function that answers calls, with its alarms.

  npm run new -- <name> [options]

  name              in kebab-case, such as order-intake
  --handler <name>  file of its function, verb and noun in kebab-case (default answer-<name>)
  --dry-run         lists the files, and writes nothing
  --help            this text

git restore . && git clean -d takes it back. Exit code: 0 written, 1 it exists already or cannot be written, 2 wrong usage.`;

interface Options {
  readonly names: Names;
  readonly dryRun: boolean;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      handler: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const [slug = '', ...others] = positionals;
  if (slug === '' || others.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': give one name, such as npm run new -- order-intake`);
  }
  return { names: namesOf(slug, values.handler), dryRun: values['dry-run'] };
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { names, dryRun } = options;
  const changes = await Promise.all(changesFor(root, names).map(formatted));
  if (!dryRun) writeAll(root, changes);
  for (const { path, before } of changes) console.log(`${before === undefined ? 'new   ' : 'change'}  ${path}`);
  if (dryRun) {
    console.log('nothing is written');
    return 0;
  }
  // In a process of its own: this one has loaded the registry without the new architecture.
  const docs = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'tools', 'docs', 'main.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(nextSteps(names));
  return docs.status ?? 1;
}

/** Formats a changed file: line breaks and columns of tables depend on the length of the name. */
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
      `${change.path} would not parse: ${error.message}: fix its file in tools/new-architecture/skeleton`,
    );
  return { ...change, text: code };
}

function nextSteps({ slug }: Names): string {
  return `
next:
  npm run local -- ${slug}          deploys it to the emulator and runs its smoke test
  git grep --untracked 'TODO(${slug})'
                    ${' '.repeat(slug.length)}          lists the places to fill in
  npm run prove -- ${slug} && npm run docs -- --record
                    ${' '.repeat(slug.length)}          runs its proofs, and records them in docs/
CONTRIBUTING.md describes each part.`;
}

if (require.main === module) void runCommand(() => main(process.argv.slice(2)));
