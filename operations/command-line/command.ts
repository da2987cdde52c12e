import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Wrong usage of a command; the message is one line with the value received and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Parses options as Node's `parseArgs` does.
 *
 * @throws UsageError that names the unknown option or the missing value
 */
export function parseOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify');
    throw new UsageError(`${reason} (--help lists the options)`);
  }
}

/** Runs a command and sets the exit code: the one that `main` returns (default 0), 2 for wrong usage, 1 for any other error. */
export async function runCommand(main: () => Promise<number | undefined> | number | undefined): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
