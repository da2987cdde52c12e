import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { runReportSchema } from '../local/run-report';
import { figuresFile, readFigures, withRun } from './figures';
import { loadAnswers } from './load-answers';
import { matrixPage, proofsNamedBy, type Architecture } from './matrix-page';

const root = join(__dirname, '..', '..');

const help = `Writes docs/faults.md: every fault against every architecture, and what proves it.

  npm run faults
  --record  first takes the figures of the last npm run prove over into tools/fault-matrix/figures.json
  --help    this text

Exit code: 0 written, 1 failed, 2 wrong usage.`;

async function main(): Promise<undefined> {
  const { values } = parseOptions({ options: { record: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return;
  }
  const architectures = await loadAnswers(root);
  if (values.record) record(architectures);
  writeFileSync(join(root, 'docs', 'faults.md'), matrixPage(architectures, readFigures(root)));
  console.error('written: docs/faults.md');
}

/** @throws Error where there is no report of a run */
function record(architectures: readonly Architecture[]): void {
  const file = join(root, '.local', 'report.json');
  const scenarios = existsSync(file)
    ? runReportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).scenarios
    : undefined;
  if (scenarios === undefined) throw new Error(`no scenario has run (${file}): npm run prove first`);
  const named = new Map(architectures.map((one) => [one.slug, proofsNamedBy(one)]));
  const figures = withRun(readFigures(root), scenarios, named);
  writeFileSync(figuresFile(root), `${JSON.stringify(figures, null, 2)}\n`);
  console.error('written: tools/fault-matrix/figures.json');
}

void runCommand(main);
