import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reserve } from './verdicts';

const schema = z.array(
  z.strictObject({
    function: z.string(),
    action: z.string(),
    on: z.string().optional(),
    despite: z.enum(['no use', 'chance', 'no failure']).default('no use'),
    reason: z.string().min(20),
  }),
);

/**
 * `lib/<slug>/reserved-permissions.json`: what stays granted though no scenario uses it, or though none fails without it, each with
 * its reason.
 *
 * @param root of the repository
 * @throws Error where the file is none of reserves, with its name
 */
export function readReserves(root: string, slug: string): readonly Reserve[] {
  const file = join(root, 'lib', slug, 'reserved-permissions.json');
  if (!existsSync(file)) return [];
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no list of reserved permissions: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
