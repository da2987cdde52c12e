import { freeTypes } from './free-types';
import { metered } from './metered';
import type { PriceTable } from './price-table';
import { daysAMonth, fixedCosts, type FixedCost } from './fixed-costs';
import { pathOf, type Template } from '../template/template';
import type { UsageProfile } from './usage-profile';

/** Line of a monthly bill. */
export interface LineItem {
  readonly kind: 'fixed' | 'variable';
  /** Path of the resource below its stack. */
  readonly resource: string;
  /** Priced thing with its unit, such as `GB of logs`. */
  readonly what: string;
  readonly quantity: number;
  readonly usd: number;
}

/**
 * Returns the monthly costs of a template: fixed ones, and variable ones of the usage profile.
 *
 * @param aDay units a day instead of the profile's
 * @throws Error if the profile names a resource that the template does not have, or a meter that its type does not have
 */
export function lineItems(template: Template, usage: UsageProfile, table: PriceTable, aDay = usage.aDay): LineItem[] {
  const resources = Object.entries(template.Resources);
  const fixed = resources.flatMap(([id, resource]) => {
    const amounts = fixedCosts[resource.Type]?.(resource, template, table) ?? [];
    return amounts.map((amount) => priced('fixed', pathOf(id, resource), amount, table));
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
    ...fixed,
    ...meter(usage.always, 'fixed', 1),
    ...meter(usage.busy, 'variable', aDay > 0 ? 1 : 0),
    ...meter(usage.each, 'variable', aDay * daysAMonth),
  ];
  return all.filter(({ quantity }) => quantity > 0);
}

/** Resource types of a template that are neither priced nor known to be free. */
export function unpricedTypes(template: Template): string[] {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  return [...types].filter((type) => !(type in fixedCosts) && !(type in metered) && !freeTypes.has(type)).sort();
}

function priced(kind: LineItem['kind'], resource: string, amount: FixedCost, table: PriceTable): LineItem {
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

/** Sum in dollars, of one kind or of all. */
export function sum(items: readonly LineItem[], kind?: LineItem['kind']): number {
  return items.filter((item) => kind === undefined || item.kind === kind).reduce((total, { usd }) => total + usd, 0);
}

/** Lines with the costs of the same thing at several resources added up, most expensive first. */
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
