import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Wrong use of a command: its message is one line with what was received and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Node's `parseArgs`.
 *
 * @throws UsageError that names what it does not know
 */
export function parseOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} (--help lists the options)`);
  }
}

/** Runs a command to its exit code: what `main` gives (0 where it gives none), 2 for wrong usage, 1 for any other error. */
export async function runCommand(main: () => Promise<number | undefined> | number | undefined): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
