import { join } from 'node:path';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { printCosts } from '../costs/command';
import { workspaceOf } from '../local/workspace';
import { synthesizeAll } from '../template/synthesis';
import { generatedPages } from './generated-pages';
import { stalePages, writePages } from './pages';
import { recordRun } from './record-run';

const root = join(__dirname, '..', '..');

const help = `Writes the generated pages, docs/{alarms,costs,diagrams,faults,permissions}, and the settings in lib/*/README.md.

  npm run docs [-- --option …]
  npm run docs -- costs    prints costs instead of writing pages: npm run docs -- costs --help

  --check   writes nothing, and fails if a page is out of date
  --record  first takes counts and the use of permissions from the last npm run prove into scenarios/<slug>/recorded-*.json
  --help    this text

Exit code: 0 done, 1 failed or out of date, 2 wrong usage.`;

async function main(args: readonly string[]): Promise<number | undefined> {
  if (args[0] === 'costs') return printCosts(root, args.slice(1));
  const { values } = parseOptions({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (values.record) for (const line of await recordRun(root, workspaceOf(root).report)) console.error(line);
  console.error('synthesizing both stages …');
  const pages = await generatedPages(root, await synthesizeAll(root, ['sandbox', 'prod']));
  const stale = stalePages(root, pages);
  if (values.check) {
    for (const path of stale) console.error(`${path} is out of date: run npm run docs`);
    return stale.length === 0 ? 0 : 1;
  }
  writePages(root, pages);
  for (const path of stale) console.log(`changed: ${path}`);
  if (stale.length === 0) console.log('all pages are up to date');
  return 0;
}

void runCommand(() => main(process.argv.slice(2)));
