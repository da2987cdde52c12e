import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { checkedScenario } from '../../scenario-runner/discovery';
import type { Scenario } from '../../../scenarios/shared/scenario';

const require = createRequire(__filename);

/** Folders whose modules scenarios import. */
const folders = ['lambda', 'lib', 'operations', 'scenarios'] as const;

/** Loads scenarios as they are on disk now; this process keeps the modules that it imported before. */
export function reloadScenarios(root: string, slugs: readonly string[]): Scenario[] {
  for (const file of Object.keys(require.cache)) {
    if (folders.some((folder) => file.startsWith(join(root, folder) + sep)))
      Reflect.deleteProperty(require.cache, file);
  }
  return slugs.map((slug) => checkedScenario(slug, require(join(root, 'scenarios', `${slug}.ts`)) as object));
}
