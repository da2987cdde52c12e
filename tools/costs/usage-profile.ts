import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const meters = z.record(z.string(), z.record(z.string(), z.number().nonnegative()));

const schema = z.strictObject({
  /** What is counted, such as `photos`. */
  units: z.string().min(1),
  aDay: z.number().nonnegative(),
  /** By the path of a resource in its stack, then by meter: what one unit takes. */
  each: meters,
  /** The same, a month, however much there is to do. */
  always: meters.default({}),
  /** The same, a month in which there is anything to do: metrics that are written only then. */
  busy: meters.default({}),
});

/** What an architecture is assumed to do: `lib/<slug>/usage.json`. */
export type UsageProfile = z.output<typeof schema>;

/** An architecture without a profile costs what stands idle. */
const noUsage: UsageProfile = { units: 'units', aDay: 0, each: {}, always: {}, busy: {} };

/**
 * @param root of the repository
 * @throws Error where the file is none of a profile, with its name
 */
export function readUsage(root: string, slug: string): UsageProfile {
  const file = join(root, 'lib', slug, 'usage.json');
  if (!existsSync(file)) return noUsage;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no usage profile: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
