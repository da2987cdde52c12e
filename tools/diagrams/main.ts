import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { architectures } from '../../lib/architectures';
import { synthesizeSandbox } from '../template/synthesis';
import { diagramOf } from './diagram';
import { diagramsPage } from './mermaid';

const root = join(__dirname, '..', '..');

const help = `Draws every architecture from its template into docs/diagrams.md.

  npm run diagrams
  --help  this text

Exit code: 0 drawn, 1 failed, 2 wrong usage.`;

async function main(): Promise<undefined> {
  const { values } = parseOptions({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return;
  }
  console.error('synthesizing …');
  const templates = await synthesizeSandbox(root, architectures);
  const drawn = templates.map(({ slug, template }) => ({ slug, diagram: diagramOf(template) }));
  writeFileSync(join(root, 'docs', 'diagrams.md'), diagramsPage(drawn));
  console.error('drawn: docs/diagrams.md');
}

void runCommand(main);
