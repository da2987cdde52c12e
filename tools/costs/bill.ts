import { architectures } from '../../lib/architectures';
import type { Stage } from '../../lib/config';
import { lineItems, sum, type LineItem } from './line-items';
import { priceTable } from './price-table';
import type { TemplateOf } from '../template/synthesis';
import { readUsage, type UsageProfile } from './usage-profile';

export const stages: readonly Stage[] = ['sandbox', 'prod'];

/** Monthly cost of one architecture in one stage. */
export interface Bill {
  readonly slug: string;
  readonly stage: Stage;
  readonly usage: UsageProfile;
  readonly items: readonly LineItem[];
  readonly fixed: number;
  readonly variable: number;
}

/**
 * Returns the bills of every architecture in both stages; none for a stage without a template.
 *
 * @param root of the repository with the usage profiles
 * @param aDay units a day instead of a profile's, by slug
 */
export function bills(root: string, templateOf: TemplateOf, aDay: Readonly<Record<string, number>> = {}): Bill[] {
  return architectures.flatMap(({ id, slug }) =>
    stages.flatMap((stage) => {
      const template = templateOf(id, stage);
      if (template === undefined) return [];
      const profile = readUsage(root, slug);
      const usage = { ...profile, aDay: aDay[slug] ?? profile.aDay };
      const items = lineItems(template, usage, priceTable);
      return [{ slug, stage, usage, items, fixed: sum(items, 'fixed'), variable: sum(items, 'variable') }];
    }),
  );
}
