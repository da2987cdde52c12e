import { UsageError } from './command';

/** Operation on a deployed stack: `npm run ops -- <architecture> <name>`. */
export interface Operation {
  /** One line for `npm run ops -- --help`. */
  readonly summary: string;
  /**
   * Runs with the arguments after its name.
   *
   * @returns exit code
   * @throws UsageError with the value received and the fix
   */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** Operations of one architecture by name: `operations/<slug>/commands.ts`. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * Runs an operation; an error that is not wrong usage is reported in one line, without the SDK's stack trace, since the cause
 * is nearly always the environment.
 *
 * @param explain message with the error's name and message in it, and what to check
 */
export async function withExplanation(
  run: () => Promise<number>,
  explain: (reason: string) => string,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(explain(reason), { cause: error });
  }
}

/** Returns a signal that the first SIGINT or SIGTERM aborts; the second ends the process. */
export function stopOnSignal(message: string): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    console.error(`\n${signal}: ${message}`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
