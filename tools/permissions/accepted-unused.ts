import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AcceptedUnused } from './verdicts';

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
 * Reads `lib/<slug>/accepted-unused-permissions.json`; none if there is no such file.
 *
 * @param root of the repository
 * @throws Error with the name of the file if it does not match the schema
 */
export function readAcceptedUnused(root: string, slug: string): readonly AcceptedUnused[] {
  const file = join(root, 'lib', slug, 'accepted-unused-permissions.json');
  if (!existsSync(file)) return [];
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} does not match its schema: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
