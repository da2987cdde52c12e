import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dollars } from '../costs/format';
import { priceTable } from '../costs/price-table';
import { faultCatalog } from '../../scenarios/shared/fault-catalog';
import type { Names } from './names';

const ending = '.skeleton';
const folder = join(__dirname, 'skeleton');

/** A function brings three alarms, and nothing else of it costs anything while it stands. */
const alarms = 3;

/** Fixed monthly cost of an architecture made from the skeleton, in a sandbox, as the README gives it. */
export const idleCost = dollars(alarms * (priceTable.prices['alarm-metrics']?.usd ?? Number.NaN));

/**
 * The new files of an architecture, by their path in the repository.
 *
 * `skeleton/` mirrors the repository: `SLUG` and `HANDLER` in a path, `__slug__` and its like in a text are filled in.
 */
export function filesOf(names: Names): Map<string, string> {
  const values = valuesOf(names);
  const skeletons = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
  return new Map(
    skeletons.sort().map((skeleton) => {
      const path = skeleton.replaceAll('\\', '/').slice(0, -ending.length);
      return [
        path.replaceAll('SLUG', names.slug).replaceAll('HANDLER', names.handler),
        fill(readFileSync(join(folder, skeleton), 'utf8'), values),
      ];
    }),
  );
}

/** @throws Error that names a placeholder which has no value: the skeleton is wrong */
export function fill(skeleton: string, values: Readonly<Record<string, string>>): string {
  return skeleton.replace(/__([a-zA-Z]+)__/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`a skeleton file has '__${name}__': use one of ${Object.keys(values).join(', ')}`);
    }
    return value;
  });
}

function valuesOf({ slug, id, camel, handler, handlerId, handlerCamel }: Names): Record<string, string> {
  return {
    slug,
    Id: id,
    camel,
    handler,
    Handler: handlerId,
    handlerCamel,
    anchor: handlerId.toLowerCase(),
    idle: idleCost,
    faultAnswers: faultAnswers(slug),
  };
}

function faultAnswers(slug: string): string {
  return Object.entries(faultCatalog)
    .map(([fault, { expected }]) => `'${fault}': { notProvableHere: 'TODO(${slug}): ${fault}: ${expected}' },`)
    .join('\n');
}
