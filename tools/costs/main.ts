import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, parseOptions, runCommand } from '../../operations/command-line/command';
import { architectures } from '../../lib/architectures';
import { synthesizeAll } from '../template/synthesis';
import { bills, stages, type Bill } from './bill';
import { billPage } from './bill-page';
import { difference } from './difference';
import { columns, dollars, quantity } from './format';
import { grouped } from './line-items';
import { priceTable } from './price-table';
import { checkoutOf } from './checkout';

const root = join(__dirname, '..', '..');
const slugs = architectures.map(({ slug }) => slug);

const help = `What the architectures cost a month, before anything is deployed.

  npm run costs [-- --option …]

  --lines              every line of the bills
  --a-day <slug>=<n>   that many units a day in place of the profile's (lib/<slug>/usage.json); may be repeated
  --against <revision> what this checkout changes in the bills of that branch, tag or commit
  --write              writes docs/costs.md
  --help               this text

Estimates from the synthesized templates and list prices of ${priceTable.region}, ${priceTable.asOf} (tools/costs/prices.json).
Exit code: 0 done, 1 failed, 2 wrong usage.`;

async function main(): Promise<undefined> {
  const { values } = parseOptions({
    options: {
      lines: { type: 'boolean', default: false },
      'a-day': { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const aDay = Object.fromEntries(values['a-day'].map(readVolume));
  console.error('synthesizing both stages …');
  const templateOf = await synthesizeAll(root, stages);
  const after = bills(root, templateOf, aDay);
  if (values.against !== undefined) {
    console.log(await changes(values.against, after, aDay));
    return;
  }
  console.log(overview(after));
  if (values.lines) console.log(`\n${lines(after)}`);
  if (values.write) {
    writeFileSync(join(root, 'docs', 'costs.md'), billPage(bills(root, templateOf), priceTable));
    console.error('written: docs/costs.md');
  }
}

function readVolume(text: string): [string, number] {
  const [, slug = '', digits = ''] = /^([a-z-]+)=(\d+)$/.exec(text) ?? [];
  if (!slugs.includes(slug) || digits === '') {
    throw new UsageError(`--a-day ${text}: use <slug>=<units a day>, with a slug of ${slugs.join(', ')}`);
  }
  return [slug, Number(digits)];
}

function overview(all: readonly Bill[]): string {
  const rows = all.map(({ slug, stage, usage, idle, running }) => [
    slug,
    stage,
    `${quantity(usage.aDay)} ${usage.units} a day`,
    dollars(idle),
    dollars(running),
    dollars(idle + running),
  ]);
  return columns([['a month', 'stage', 'profile', 'idle', 'running', 'sum'], ...rows], 3);
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

async function changes(revision: string, after: readonly Bill[], aDay: Readonly<Record<string, number>>) {
  console.error(`synthesizing ${revision} …`);
  const { folder, dispose } = await checkoutOf(root, revision);
  try {
    const changed = difference(bills(root, await synthesizeAll(folder, stages), aDay), after);
    if (changed.length === 0) return `the bills are those of ${revision}`;
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

void runCommand(main);
