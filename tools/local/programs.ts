import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Scenario } from '../../scenarios/shared/scenario';
import { withServerPrograms } from './database/mariadb-server';

/**
 * Scenarios without the variants that need a program which this machine lacks.
 *
 * @param log receives a line for each variant that is skipped
 */
export function withoutMissingPrograms(
  scenarios: readonly Scenario[],
  log: (text: string) => void,
  has: (program: string) => boolean = isOnPath,
): Scenario[] {
  return scenarios.map((scenario) => ({
    ...scenario,
    variants: (scenario.variants ?? []).filter(({ name, needsProgram }) => {
      if (needsProgram === undefined || has(needsProgram)) return true;
      log(`skipped variant ${name} of ${scenario.slug}: ${needsProgram} is not on the PATH`);
      return false;
    }),
  }));
}

function isOnPath(program: string): boolean {
  return withServerPrograms()
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)));
}
