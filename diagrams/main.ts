import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand } from '../command-line/command';
import { architectures } from '../lib/architectures';
import { synthesizeAll } from '../template/synthesis';
import { diagramOf } from './diagram';
import { diagramsPage } from './mermaid';

const root = join(__dirname, '..');

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
  const templateOf = await synthesizeAll(root, ['sandbox']);
  const drawn = architectures.map(({ id, slug }) => {
    const template = templateOf(id, 'sandbox');
    if (template === undefined) throw new Error(`the app has no stack '${id}', which the registry lists`);
    return { slug, diagram: diagramOf(template) };
  });
  writeFileSync(join(root, 'docs', 'diagrams.md'), diagramsPage(drawn));
  console.error('drawn: docs/diagrams.md');
}

void runCommand(main);
