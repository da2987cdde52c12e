import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { architectures } from '../../lib/architectures';
import { synthesizeSandbox } from '../template/synthesis';
import { alarmRows } from './alarm-rows';
import { alarmsPage } from './alarms-page';
import { readCauses } from './causes';

const root = join(__dirname, '..', '..');

const help = `Writes docs/alarms.md: every alarm, the figure that raises it, and which proofs bring that about.

  npm run alarms
  --help  this text

Exit code: 0 written, 1 failed, 2 wrong usage.`;

async function main(): Promise<undefined> {
  const { values } = parseOptions({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return;
  }
  console.error('synthesizing …');
  const templates = await synthesizeSandbox(root, architectures);
  const all = templates.map(({ slug, template }) => ({ slug, rows: alarmRows(template, readCauses(root, slug)) }));
  writeFileSync(join(root, 'docs', 'alarms.md'), alarmsPage(all));
  console.error('written: docs/alarms.md');
}

void runCommand(main);
