import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const meters = z.record(z.string(), z.record(z.string(), z.number().nonnegative()));

const schema = z.strictObject({
  /** Unit of work, such as `photos`. */
  units: z.string().min(1),
  aDay: z.number().nonnegative(),
  /** Use per unit, by the path of a resource in its stack and by meter. */
  each: meters,
  /** Use per month that does not depend on the number of units. */
  always: meters.default({}),
  /** Use per month in which there is at least one unit, such as metrics that are written only then. */
  busy: meters.default({}),
});

/** Assumed use of an architecture: `lib/<slug>/usage.json`. */
export type UsageProfile = z.output<typeof schema>;

/** Profile of an architecture without a file: it has only fixed costs. */
const noUsage: UsageProfile = { units: 'units', aDay: 0, each: {}, always: {}, busy: {} };

/**
 * Reads `lib/<slug>/usage.json`.
 *
 * @param root of the repository
 * @throws Error with the name of the file if it does not match the schema
 */
export function readUsage(root: string, slug: string): UsageProfile {
  const file = join(root, 'lib', slug, 'usage.json');
  if (!existsSync(file)) return noUsage;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new Error(`${file} does not match the schema of a usage profile: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
