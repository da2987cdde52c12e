import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dollars } from '../costs/format';
import { priceTable } from '../costs/price-table';
import type { Names } from './names';

const ending = '.skeleton';
const folder = join(__dirname, 'skeleton');

/** Alarms of the function: nothing else in the skeleton has a fixed cost. */
const alarms = 3;

/** Fixed monthly cost of the skeleton in a sandbox, as the README gives it. */
export const fixedCost = dollars(alarms * (priceTable.prices['alarm-metrics']?.usd ?? Number.NaN));

/**
 * Returns the new files of an architecture, by their path in the repository.
 *
 * `skeleton/` mirrors the repository: `SLUG` and `HANDLER` in a path and `__slug__` and the like in a text are replaced.
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

/** @throws Error that names a placeholder without a value: the skeleton is wrong */
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
    ...{ slug, camel, handler, handlerCamel, fixedCost },
    ...{ Id: id, Handler: handlerId, anchor: handlerId.toLowerCase() },
  };
}
