import { UsageError, parseOptions } from '../../operations/command-line/command';
import { architectures } from '../../lib/architectures';
import { synthesizeAll } from '../template/synthesis';
import { bills, stages, type Bill } from './bill';
import { difference } from './difference';
import { columns, dollars, quantity } from './format';
import { grouped } from './line-items';
import { priceTable } from './price-table';
import { checkoutOf } from './checkout';

const slugs = architectures.map(({ slug }) => slug);

const help = `Prints the estimated cost of each architecture per month, from the synthesized templates; writes nothing.

  npm run docs -- costs [--option …]

  --lines              every line of the bills
  --a-day <slug>=<n>   units a day instead of those in lib/<slug>/usage.json; may be repeated
  --against <revision> only what this checkout changes against that branch, tag or commit
  --help               this text

List prices of ${priceTable.region}, ${priceTable.asOf} (tools/costs/prices.json).
Exit code: 0 done, 1 failed, 2 wrong usage.`;

export async function printCosts(root: string, args: readonly string[]): Promise<undefined> {
  const { values } = parseOptions({
    args: [...args],
    options: {
      lines: { type: 'boolean', default: false },
      'a-day': { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const aDay = Object.fromEntries(values['a-day'].map(readVolume));
  console.error('synthesizing both stages …');
  const after = bills(root, await synthesizeAll(root, stages), aDay);
  if (values.against !== undefined) {
    console.log(await changes(root, values.against, after, aDay));
    return;
  }
  console.log(overview(after));
  if (values.lines) console.log(`\n${lines(after)}`);
}

function readVolume(text: string): [string, number] {
  const [, slug = '', digits = ''] = /^([a-z-]+)=(\d+)$/.exec(text) ?? [];
  if (!slugs.includes(slug) || digits === '') {
    throw new UsageError(`--a-day ${text}: use <slug>=<units a day>, with a slug of ${slugs.join(', ')}`);
  }
  return [slug, Number(digits)];
}

function overview(all: readonly Bill[]): string {
  const rows = all.map(({ slug, stage, usage, fixed, variable }) => [
    slug,
    stage,
    `${quantity(usage.aDay)} ${usage.units} a day`,
    dollars(fixed),
    dollars(variable),
    dollars(fixed + variable),
  ]);
  return columns([['a month', 'stage', 'profile', 'fixed', 'variable', 'sum'], ...rows], 3);
}

function lines(all: readonly Bill[]): string {
  const rows = all.flatMap(({ slug, stage, items }) =>
    grouped(items).map(({ kind, what, quantity: count, usd }) => [
      slug,
      stage,
      kind,
      what,
      quantity(count),
      dollars(usd),
    ]),
  );
  return columns([['architecture', 'stage', 'kind', 'what', 'quantity', 'dollars'], ...rows], 4);
}

async function changes(
  root: string,
  revision: string,
  after: readonly Bill[],
  aDay: Readonly<Record<string, number>>,
): Promise<string> {
  console.error(`synthesizing ${revision} …`);
  const { folder, dispose } = await checkoutOf(root, revision);
  try {
    const changed = difference(bills(root, await synthesizeAll(folder, stages), aDay), after);
    if (changed.length === 0) return `same costs as ${revision}`;
    const rows = changed.map(({ slug, stage, kind, what, before, after: now }) => [
      slug,
      stage,
      kind,
      what,
      dollars(before),
      dollars(now),
      `${now >= before ? '+' : ''}${dollars(now - before)}`,
    ]);
    return columns([['a month', 'stage', 'kind', 'what', revision, 'here', 'change'], ...rows], 4);
  } finally {
    await dispose();
  }
}
