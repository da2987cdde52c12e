import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import type { FaultAnswers } from '../../scenarios/shared/fault-catalog';
import type { Architecture } from './fault-pages';

/**
 * Loads the fault answers of every architecture.
 *
 * @throws Error that names the missing file of an architecture
 */
export function loadAnswers(root: string): Promise<Architecture[]> {
  return Promise.all(
    architectures.map(async ({ slug }) => {
      const file = join(root, 'scenarios', slug, 'fault-answers.ts');
      if (!existsSync(file)) {
        throw new Error(`${slug} has no fault answers: write scenarios/${slug}/fault-answers.ts`);
      }
      const loaded = (await import(file)) as { default: FaultAnswers | { default: FaultAnswers } };
      // tsx wraps the default export of CommonJS once more.
      const answers = 'default' in loaded.default ? loaded.default.default : loaded.default;
      return { slug, answers };
    }),
  );
}
