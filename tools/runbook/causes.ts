import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Causes } from './alarm-rows';

const schema = z.record(
  z.string(),
  z.union([z.strictObject({ causedBy: z.array(z.string()).min(1) }), z.strictObject({ notHere: z.string().min(20) })]),
);

/**
 * Reads `scenarios/<slug>/alarm-causes.json`; empty if there is no such file.
 *
 * @param root of the repository
 * @throws Error with the name of the file if it does not match the schema
 */
export function readCauses(root: string, slug: string): Causes {
  const file = join(root, 'scenarios', slug, 'alarm-causes.json');
  if (!existsSync(file)) return {};
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} does not match its schema: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
