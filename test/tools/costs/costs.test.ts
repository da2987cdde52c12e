import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bills } from '../../../tools/costs/bill';
import { difference } from '../../../tools/costs/difference';
import { dollars } from '../../../tools/costs/format';
import { unpricedTypes } from '../../../tools/costs/line-items';
import { priceTable } from '../../../tools/costs/price-table';
import type { Template } from '../../../tools/template/template';
import { architectures } from '../../../lib/architectures';
import { root, stages, synthesize } from '../../synthesis';

const syntheses = new Map(stages.map((stage) => [stage, synthesize({ stage })]));
const templateOf = (id: string, stage: string): Template => {
  const synthesis = syntheses.get(stage as 'sandbox');
  return synthesis?.template(id).toJSON() as Template;
};
const all = bills(root, templateOf);

it.each(architectures)('$slug has only resource types with a price or known to be free', ({ id }) => {
  expect(stages.flatMap((stage) => unpricedTypes(templateOf(id, stage)))).toEqual([]);
});

it.each(architectures)('$slug has a usage profile, so that its variable cost is known', ({ slug }) => {
  const [bill] = all.filter((one) => one.slug === slug);
  expect(bill?.variable).toBeGreaterThan(0);
});

it.each(architectures)('the README gives the fixed cost of $slug in a sandbox', ({ slug }) => {
  const row = readFileSync(join(root, 'README.md'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| [${slug}]`));
  const bill = all.find((one) => one.slug === slug && one.stage === 'sandbox');
  expect(row).toContain(`| ${dollars(bill?.fixed ?? Number.NaN)} `);
});

it('prices are at most a year old', () => {
  const days = (Date.now() - Date.parse(priceTable.asOf)) / 86_400_000;
  // If this fails, compare tools/costs/prices.json with its sources, and set its date to today.
  expect(days).toBeLessThan(366);
});

it('a bill does not differ from itself, and a more expensive line gives the difference', () => {
  expect(difference(all, all)).toEqual([]);
  const [first] = all;
  if (first === undefined) throw new Error('no bills');
  const item = { kind: 'fixed', resource: 'Extra', what: 'dashboards', quantity: 1, usd: 3 } as const;
  expect(difference([first], [{ ...first, items: [...first.items, item] }])).toMatchObject([
    { slug: first.slug, what: 'dashboards', after: 3 },
  ]);
});
