import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../command-line/command';
import { loadAnswers } from './load-answers';
import { matrixPage } from './matrix-page';

const root = join(__dirname, '..');

const help = `Writes docs/faults.md: every fault against every architecture, and what proves it.

  npm run faults
  --help  this text

Exit code: 0 written, 1 failed, 2 wrong usage.`;

async function main(): Promise<undefined> {
  const { values } = parseOptions({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return;
  }
  writeFileSync(join(root, 'docs', 'faults.md'), matrixPage(await loadAnswers(root)));
  console.error('written: docs/faults.md');
}

void runCommand(main);
