import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);
const script = join(__dirname, 'time-import.mjs');

const tookSchema = z.object({ wall: z.number(), processor: z.number() });

/** Milliseconds that an import took. */
export type Took = z.output<typeof tookSchema>;

/**
 * Imports a file in a process of its own; starting Node is not in the time.
 *
 * @throws Error where the file cannot be imported with the environment
 */
export async function importOnce(file: string, environment: Readonly<Record<string, string>>): Promise<Took> {
  const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...environment };
  const { stdout } = await run(process.execPath, [script, file], { env });
  // A handler may print before.
  return tookSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
