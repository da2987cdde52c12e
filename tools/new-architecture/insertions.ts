import type { Names } from './names';
import { fixedCost } from './skeleton';

/** Returns the text of a file with a new architecture in it. */
type Insertion = (text: string, names: Names) => string;

/**
 * Changes of existing files for a new architecture, by path.
 *
 * Each throws an Error that names the missing line if the file has no place for it.
 */
export const insertions: Readonly<Record<string, Insertion>> = {
  'lib/architectures.ts': (text, names) => addEntry(addImports(text, names), names),
  'test/optional-features.ts': (text, { slug }) =>
    insertBefore(text, { file: 'test/optional-features.ts', line: /^\};$/m }, `  '${slug}': {},\n`),
  'README.md': addRow,
  '.github/workflows/ci.yml': addToMatrix,
};

interface Place {
  readonly file: string;
  readonly line: RegExp;
}

/** Adds the imports among those of other architectures, in alphabetical order. */
function addImports(text: string, { slug, id, camel }: Names): string {
  const lines = text.split('\n');
  const imports = lines.flatMap((line, index) => {
    const of = /^import .* from '\.\/([a-z0-9-]+)\/[^']+';$/.exec(line)?.[1];
    return of === undefined ? [] : [{ of, index }];
  });
  const last = imports.at(-1);
  if (last === undefined) throw missing('lib/architectures.ts', 'an import of an architecture');
  const at = imports.find(({ of }) => of > slug)?.index ?? last.index + 1;
  return lines
    .toSpliced(
      at,
      0,
      `import { ${camel}Settings } from './${slug}/${slug}-settings';`,
      `import { ${id}Stack } from './${slug}/${slug}-stack';`,
    )
    .join('\n');
}

function addEntry(text: string, { slug, id, camel, handlerId }: Names): string {
  const entry = `  define({
    id: '${id}',
    slug: '${slug}',
    flow: '${flowOf(handlerId)}',
    settings: ${camel}Settings,
    stack: ${id}Stack,
  }),
`;
  return insertBefore(text, { file: 'lib/architectures.ts', line: /^\];$/m }, entry);
}

function addRow(text: string, { slug }: Names): string {
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => /^\| \[[a-z0-9-]+\]\(lib\//.test(line));
  if (last === -1) throw missing('README.md', 'a row of an architecture, which begins with | [');
  const name = `[${slug}](lib/${slug}/README.md): TODO(${slug}): one sentence`;
  return lines.toSpliced(last + 1, 0, `| ${[name, 'Lambda', fixedCost].join(' | ')} |`).join('\n');
}

function addToMatrix(text: string, { slug }: Names): string {
  const list = /^( +architecture:\s*\[[^\]]*)\]$/m;
  if (!list.test(text)) throw missing('.github/workflows/ci.yml', 'a line architecture: […]');
  return text.replace(list, `$1, ${slug}]`);
}

function flowOf(handlerId: string): string {
  return `caller -> ${handlerId} -> answer`;
}

function insertBefore(text: string, { file, line }: Place, addition: string): string {
  const at = text.search(line);
  if (at === -1) throw missing(file, `a line ${String(line)}`);
  return text.slice(0, at) + addition + text.slice(at);
}

function missing(file: string, what: string): Error {
  return new Error(`${file} lacks ${what}: restore it, or add the architecture by hand as CONTRIBUTING.md describes`);
}
