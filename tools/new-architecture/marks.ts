import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Lines with a mark `TODO(<slug>)` in an architecture's files, as `path:line: text`, in the order of the work. */
export function marksOf(root: string, slug: string): string[] {
  const places = [
    `lambda/${slug}`,
    `test/lambda/${slug}`,
    `lib/${slug}`,
    `test/lib/${slug}`,
    `scenarios/${slug}.ts`,
    `scenarios/${slug}`,
    `operations/${slug}`,
    `docs/runbook/${slug}.md`,
    'README.md',
  ];
  return places
    .filter((place) => existsSync(join(root, place)))
    .flatMap((place) => filesIn(root, place))
    .flatMap((path) => marksIn(path, readFileSync(join(root, path), 'utf8'), `TODO(${slug})`));
}

function filesIn(root: string, place: string): string[] {
  if (statSync(join(root, place)).isFile()) return [place];
  return readdirSync(join(root, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|md|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .map((path) => path.slice(root.length + 1).replaceAll('\\', '/'))
    .sort();
}

function marksIn(path: string, text: string, mark: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const at = line.indexOf(mark);
    if (at === -1) return [];
    // The end of a comment or of a table cell is not part of the text.
    const words = line.slice(at + mark.length).replace(/^:? */, '');
    return [`${path}:${index + 1}: ${words.replace(/\s*(\*\/|\|.*)$/, '')}`];
  });
}
