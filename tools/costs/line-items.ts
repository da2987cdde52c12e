import { freeTypes } from './free-types';
import { metered } from './metered';
import type { PriceTable } from './price-table';
import { standing, type Standing } from './standing';
import { pathOf, type Template } from '../template/template';
import type { UsageProfile } from './usage-profile';

/** One line of the month's bill. */
export interface LineItem {
  readonly kind: 'idle' | 'running';
  /** The resource's path below its stack. */
  readonly resource: string;
  /** What is paid for, and in which unit. */
  readonly what: string;
  readonly quantity: number;
  readonly usd: number;
}

const daysAMonth = 365 / 12;

/**
 * What a template costs a month, line by line: what stands, and what the profile does.
 *
 * @param aDay units a day, in place of the profile's
 * @throws Error where the profile names a resource or a meter that the template or its type has not
 */
export function lineItems(template: Template, usage: UsageProfile, table: PriceTable, aDay = usage.aDay): LineItem[] {
  const resources = Object.entries(template.Resources);
  const idle = resources.flatMap(([id, resource]) => {
    const amounts = standing[resource.Type]?.(resource, template, table) ?? [];
    return amounts.map((amount) => priced('idle', pathOf(id, resource), amount, table));
  });
  const byPath = new Map(resources.map(([id, resource]) => [pathOf(id, resource), resource]));
  const meter = (uses: UsageProfile['each'], kind: LineItem['kind'], times: number): LineItem[] =>
    Object.entries(uses).flatMap(([path, meters]) => {
      const resource = byPath.get(path);
      if (resource === undefined) throw new Error(`usage of '${path}': the template has no such resource`);
      return Object.entries(meters).flatMap(([name, quantity]) => {
        const amountsOf = metered[resource.Type]?.[name];
        if (amountsOf === undefined) throw new Error(`usage of '${path}': ${resource.Type} has no meter '${name}'`);
        return amountsOf(quantity * times, resource).map((amount) => priced(kind, path, amount, table));
      });
    });
  const all = [
    ...idle,
    ...meter(usage.always, 'idle', 1),
    ...meter(usage.busy, 'running', aDay > 0 ? 1 : 0),
    ...meter(usage.each, 'running', aDay * daysAMonth),
  ];
  return all.filter(({ quantity }) => quantity > 0);
}

/** The types of a template's resources that are neither priced nor known to be free. */
export function unpricedTypes(template: Template): string[] {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  return [...types].filter((type) => !(type in standing) && !(type in metered) && !freeTypes.has(type)).sort();
}

function priced(kind: LineItem['kind'], resource: string, amount: Standing, table: PriceTable): LineItem {
  if ('usd' in amount) {
    const { what, unit, quantity, usd } = amount;
    return { kind, resource, what: `${what} ${unit}`, quantity, usd };
  }
  const price = table.prices[amount.price];
  if (price === undefined)
    throw new Error(`no price '${amount.price}': add it to tools/costs/prices.json, with its source`);
  const { usd, per, unit } = price;
  return { kind, resource, what: unit, quantity: amount.quantity, usd: (amount.quantity / per) * usd };
}

/** Dollars of one kind, or of all. */
export function sum(items: readonly LineItem[], kind?: LineItem['kind']): number {
  return items.filter((item) => kind === undefined || item.kind === kind).reduce((total, { usd }) => total + usd, 0);
}

/** The same thing paid for at several resources in one line, dearest first. */
export function grouped(items: readonly LineItem[]): LineItem[] {
  const groups = new Map<string, LineItem>();
  for (const item of items) {
    const key = `${item.kind} ${item.what}`;
    const earlier = groups.get(key);
    const resources = new Set(earlier?.resource.split(', ')).add(item.resource);
    groups.set(key, {
      ...item,
      resource: [...resources].join(', '),
      quantity: (earlier?.quantity ?? 0) + item.quantity,
      usd: (earlier?.usd ?? 0) + item.usd,
    });
  }
  return [...groups.values()].sort((a, b) => b.usd - a.usd || a.what.localeCompare(b.what));
}
