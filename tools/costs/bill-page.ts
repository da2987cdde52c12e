import type { Bill } from './bill';
import { dollars, quantity } from './format';
import { grouped } from './line-items';
import type { PriceTable } from './price-table';

/** `docs/costs.md`: every bill with its lines, the assumptions, and where the prices are from. */
export function billPage(bills: readonly Bill[], table: PriceTable): string {
  const slugs = [...new Set(bills.map(({ slug }) => slug))];
  return [
    '# Costs',
    '',
    `Written by \`npm run costs -- --write\` from the synthesized templates, the usage profiles in \`lib/<slug>/usage.json\` and the`,
    `list prices of ${table.region} as of ${table.asOf} (\`tools/costs/prices.json\`, each with its source). ${table.note}`,
    'Estimates, in dollars a month: *idle* is what stands with nothing to do, *running* what the profile adds. Data transfer to',
    'the internet, requests of a key and what a person does by hand are not in it.',
    '',
    '| architecture | stage | idle | running | profile |',
    '| --- | --- | ---: | ---: | --- |',
    ...bills.map(({ slug, stage, idle, running, usage }) => {
      const profile = `${quantity(usage.aDay)} ${usage.units} a day`;
      return `| [${slug}](#${slug}) | ${stage} | ${dollars(idle)} | ${dollars(running)} | ${profile} |`;
    }),
    ...slugs.flatMap((slug) => section(bills.filter((bill) => bill.slug === slug))),
    '',
  ].join('\n');
}

function section(bills: readonly Bill[]): string[] {
  const [first] = bills;
  if (first === undefined) return [];
  return [
    '',
    `## ${first.slug}`,
    '',
    ...bills.flatMap(({ stage, items }) => [
      `${stage}:`,
      '',
      '| kind | what | quantity | dollars |',
      '| --- | --- | ---: | ---: |',
      ...grouped(items).map(
        (item) => `| ${item.kind} | ${item.what} | ${quantity(item.quantity)} | ${dollars(item.usd)} |`,
      ),
      '',
    ]),
  ].slice(0, -1);
}
