import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { findPython } from '../../local/python';

const run = promisify(execFile);
const script = join(__dirname, 'measured_process.py');

const usageSchema = z.object({
  exitCode: z.number(),
  wallSeconds: z.number(),
  processorSeconds: z.number(),
  peakBytes: z.number(),
});

/** Resources that a command used from start to end, child processes included. */
export type Usage = z.output<typeof usageSchema>;

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

let python: Promise<string> | undefined;

/**
 * Runs a command to its end.
 *
 * @throws Error with its error output if it fails
 */
export async function measureProcess(command: Command): Promise<Usage> {
  python ??= findPython(process.env['PYTHON']).then((found) => found.command);
  const { file, arguments: options, cwd, env = process.env } = command;
  const given = { env, maxBuffer: 64 * 1024 ** 2, ...(cwd === undefined ? {} : { cwd }) };
  const { stdout, stderr } = await run(await python, [script, file, ...options], given);
  const usage = usageSchema.parse(JSON.parse(stdout));
  if (usage.exitCode !== 0) {
    throw new Error(`${[file, ...options].join(' ')} ended with exit code ${usage.exitCode}: ${stderr.slice(-2_000)}`);
  }
  return usage;
}
