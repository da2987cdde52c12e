import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Causes } from './alarm-rows';

const schema = z.record(
  z.string(),
  z.union([z.strictObject({ causedBy: z.array(z.string()).min(1) }), z.strictObject({ notHere: z.string().min(20) })]),
);

/**
 * `scenarios/<slug>/alarm-causes.json`.
 *
 * @param root of the repository
 * @throws Error where the file is none of causes, with its name
 */
export function readCauses(root: string, slug: string): Causes {
  const file = join(root, 'scenarios', slug, 'alarm-causes.json');
  if (!existsSync(file)) return {};
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no list of causes: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
