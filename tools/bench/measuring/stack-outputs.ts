import { existsSync, readFileSync } from 'node:fs';

/**
 * Returns the outputs of a deployed stack, from the file that OUTPUTS names or from a local run's environment; undefined if there is
 * neither, or no such stack in it.
 */
export function stackOutputs(stack: string): Readonly<Record<string, string | undefined>> | undefined {
  const named = process.env['OUTPUTS'];
  const file = named ?? '.local/outputs.json';
  if (!existsSync(file) || (named === undefined && process.env['AWS_ENDPOINT_URL'] === undefined)) return undefined;
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
  return stacks[stack];
}
