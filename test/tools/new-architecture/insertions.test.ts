import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { insertions } from '../../../tools/new-architecture/insertions';
import { namesOf } from '../../../tools/new-architecture/names';
import { root } from '../../synthesis';

const names = namesOf('made-up-by-a-test', 'make-up-order');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const insert = (path: string, text = read(path)): string => insertions[path]!(text, names);

it.each(Object.keys(insertions))('keeps every line of %s', (path) => {
  const after = insert(path).split('\n');
  // An entry may be added at the end of a list in one line.
  const lost = read(path)
    .split('\n')
    .filter((line) => !after.some((one) => one === line || one === line.replace(/\]$/, ', made-up-by-a-test]')));
  expect(lost).toEqual([]);
});

it('adds alphabetical imports and the last entry to the registry', () => {
  const registry = insert('lib/architectures.ts');
  const imports = [...registry.matchAll(/^import .* from '(\.\/[a-z-]+\/.*)';$/gm)].map(([, from]) => String(from));
  expect(imports).toEqual(imports.toSorted());
  expect(imports).toContain('./made-up-by-a-test/made-up-by-a-test-stack');
  expect(/ {2}define\(\{\n {4}id: 'MadeUpByATest',[^}]*stack: MadeUpByATestStack,\n {2}\}\),\n\];/.test(registry)).toBe(
    true,
  );
});

it('imports an architecture that is last in the alphabet last', () => {
  const registry = insertions['lib/architectures.ts']!(read('lib/architectures.ts'), namesOf('zz-made-up'));
  expect(registry).toMatch(/\nimport \{ ZzMadeUpStack \} from '.\/zz-made-up\/zz-made-up-stack';\n\n/);
});

it('the table of the README gets its row at the end', () => {
  const lines = insert('README.md').split('\n');
  const row = lines.findIndex((line) => line.startsWith('| [made-up-by-a-test](lib/made-up-by-a-test/README.md)'));
  expect(lines[row]).toMatch(/\| Lambda \| \$[\d.]+ \|$/);
  expect(lines[row - 1]).toMatch(/^\| \[/);
  expect(lines[row + 1]).toBe('');
});

it('adds an entry for optional features', () => {
  expect(insert('test/optional-features.ts')).toMatch(/\n {2}'made-up-by-a-test': \{\},\n\};\n$/);
});

it.each(Object.keys(insertions))('fails on %s without a place for it', (path) => {
  expect(() => insert(path, '')).toThrow(`${path} lacks`);
});
