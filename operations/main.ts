import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../lib/architectures';
import { runCommand, UsageError } from './command-line/command';
import type { Operations } from './command-line/operation';
import { purgeOperation } from './purge/purge-operation';
import { rightSizeOperation } from './right-size/right-size-operation';

/** Operations by architecture and name. */
export type AllOperations = ReadonlyMap<string, Operations>;

/**
 * Loads `operations/<slug>/commands.ts` of every architecture that has one, and adds what every architecture has.
 *
 * @throws Error that names a file without the export `operations`
 */
export async function loadOperations(folder: string): Promise<AllOperations> {
  const all = new Map<string, Operations>();
  for (const { id, slug } of architectures) {
    const file = join(folder, slug, 'commands.ts');
    const common = { purge: purgeOperation(id, slug), 'right-size': rightSizeOperation(id, slug) };
    all.set(slug, common);
    if (!existsSync(file)) continue;
    const loaded = (await import(file)) as { operations?: Operations; default?: { operations?: Operations } };
    // tsx wraps the exports of CommonJS once more.
    const operations = loaded.operations ?? loaded.default?.operations;
    if (operations === undefined) throw new Error(`operations/${slug}/commands.ts must export 'operations'`);
    all.set(slug, { ...operations, ...common });
  }
  return all;
}

/**
 * Runs the operation that the arguments name.
 *
 * @returns exit code
 * @throws UsageError with the value received and the fix
 */
export async function runOperation(
  args: readonly string[],
  all: AllOperations,
  say: (line: string) => void,
): Promise<number> {
  const [slug, name, ...options] = args;
  const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';
  if (isHelp(slug)) {
    say(help([...all]));
    return 0;
  }
  const operations = all.get(slug ?? '');
  if (slug === undefined || operations === undefined) {
    throw new UsageError(`no operations for '${slug ?? ''}': use one of ${[...all.keys()].join(', ')} (--help)`);
  }
  if (isHelp(name)) {
    say(help([[slug, operations]]));
    return 0;
  }
  const names = Object.keys(operations);
  const operation = names.includes(name ?? '') ? operations[name ?? ''] : undefined;
  if (operation === undefined) {
    throw new UsageError(`${slug} has no operation '${name ?? ''}': use one of ${names.join(', ')} (--help)`);
  }
  return operation.run(options);
}

function help(all: readonly (readonly [slug: string, operations: Operations])[]): string {
  const lines = all.flatMap(([slug, operations]) =>
    Object.entries(operations).map(([name, { summary }]) => [`${slug} ${name}`, summary] as const),
  );
  const width = Math.max(...lines.map(([command]) => command.length));
  return `Runs an operation on a deployed stack.

  npm run ops -- <architecture> <operation> [options]
  npm run ops -- <architecture> <operation> --help    options of one operation

${lines.map(([command, summary]) => `  ${command.padEnd(width)}  ${summary}`).join('\n')}

Endpoint, region and credentials come from the environment. Exit code: 0 done, 1 failed, 2 wrong usage.`;
}

if (require.main === module) {
  void runCommand(async () =>
    runOperation(process.argv.slice(2), await loadOperations(__dirname), (line) => console.log(line)),
  );
}
