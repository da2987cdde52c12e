import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAnswers } from './load-answers';
import { matrixPage } from './matrix-page';

const root = join(__dirname, '..');

const help = `Writes docs/faults.md: every fault against every architecture, and what proves it.

  npm run faults
  --help  this text

Exit code: 0 written, 1 failed, 2 wrong usage.`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return;
  }
  writeFileSync(join(root, 'docs', 'faults.md'), matrixPage(await loadAnswers(root)));
  console.error('written: docs/faults.md');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
