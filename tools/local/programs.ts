import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Scenario } from '../../scenarios/shared/scenario';
import { withServerPrograms } from './database/mariadb-server';

/**
 * The scenarios without the variants that this machine lacks a program for.
 *
 * @param say is told of each that is left out
 */
export function withoutMissingPrograms(
  scenarios: readonly Scenario[],
  say: (text: string) => void,
  has: (program: string) => boolean = isOnPath,
): Scenario[] {
  return scenarios.map((scenario) => ({
    ...scenario,
    variants: (scenario.variants ?? []).filter(({ name, needsProgram }) => {
      if (needsProgram === undefined || has(needsProgram)) return true;
      say(`skipped the variant ${name} of ${scenario.slug}: there is no ${needsProgram} on the PATH`);
      return false;
    }),
  }));
}

function isOnPath(program: string): boolean {
  return withServerPrograms()
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)));
}
