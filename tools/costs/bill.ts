import { architectures } from '../../lib/architectures';
import type { Stage } from '../../lib/config';
import { lineItems, sum, type LineItem } from './line-items';
import { priceTable } from './price-table';
import type { TemplateOf } from '../template/synthesis';
import { readUsage, type UsageProfile } from './usage-profile';

export const stages: readonly Stage[] = ['sandbox', 'prod'];

/** What one architecture costs a month in one stage. */
export interface Bill {
  readonly slug: string;
  readonly stage: Stage;
  readonly usage: UsageProfile;
  readonly items: readonly LineItem[];
  readonly idle: number;
  readonly running: number;
}

/**
 * The bills of every architecture of the registry, both stages, where there is a template.
 *
 * @param root of the repository, whose usage profiles count
 * @param aDay units a day in place of a profile's, by slug
 */
export function bills(root: string, templateOf: TemplateOf, aDay: Readonly<Record<string, number>> = {}): Bill[] {
  return architectures.flatMap(({ id, slug }) =>
    stages.flatMap((stage) => {
      const template = templateOf(id, stage);
      if (template === undefined) return [];
      const profile = readUsage(root, slug);
      const usage = { ...profile, aDay: aDay[slug] ?? profile.aDay };
      const items = lineItems(template, usage, priceTable);
      return [{ slug, stage, usage, items, idle: sum(items, 'idle'), running: sum(items, 'running') }];
    }),
  );
}
