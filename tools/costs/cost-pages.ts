import { pagesOf, type Pages } from '../docs/pages';
import type { Bill } from './bill';
import { dollars, quantity } from './format';
import { grouped } from './line-items';
import type { PriceTable } from './price-table';

/** `docs/costs/`: every bill with its lines, the assumptions, and the source of the prices. */
export function costPages(bills: readonly Bill[], table: PriceTable): Pages {
  const bySlug = Map.groupBy(bills, ({ slug }) => slug);
  return pagesOf({
    kind: 'costs',
    index: [
      '# Costs',
      '',
      'Written by `npm run docs` from the synthesized templates, the usage profiles in `lib/<slug>/usage.json` and the list prices of',
      `${table.region} as of ${table.asOf} (\`tools/costs/prices.json\`, each with its source). ${table.note}`,
      '',
      'Estimates in dollars a month: *fixed* is the cost without any use, *variable* is what the usage profile adds. Not included: data',
      'transfer to the internet, requests of a key, and what people do by hand.',
      '',
      '| architecture | stage | fixed | variable | profile |',
      '| --- | --- | ---: | ---: | --- |',
      ...bills.map(({ slug, stage, fixed, variable, usage }) => {
        const profile = `${quantity(usage.aDay)} ${usage.units} a day`;
        return `| [${slug}](${slug}.md) | ${stage} | ${dollars(fixed)} | ${dollars(variable)} | ${profile} |`;
      }),
    ],
    architectures: [...bySlug].map(([slug, own]) => ({ slug, lines: own.flatMap(billLines) })),
  });
}

function billLines({ stage, items }: Bill): string[] {
  return [
    `## ${stage}`,
    '',
    '| kind | what | quantity | dollars |',
    '| --- | --- | ---: | ---: |',
    ...grouped(items).map(
      (item) => `| ${item.kind} | ${item.what} | ${quantity(item.quantity)} | ${dollars(item.usd)} |`,
    ),
    '',
  ];
}
