import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesFor, writeAll } from '../../../tools/new-architecture/change';
import { namesOf } from '../../../tools/new-architecture/names';
import { root } from '../../synthesis';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-architecture-'));
  writeFileSync(join(folder, 'README.md'), 'before');
});
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

it('adds files of its own and changes four others', () => {
  const changes = changesFor(root, namesOf('made-up-by-a-test'));
  expect(changes.filter(({ before }) => before !== undefined).map(({ path }) => path)).toEqual([
    'lib/architectures.ts',
    'test/optional-features.ts',
    'README.md',
    '.github/workflows/ci.yml',
  ]);
  expect(
    changes.filter(({ before }) => before === undefined).every(({ path }) => path.includes('made-up-by-a-test')),
  ).toBe(true);
});

it.each(['image-resize', 'shared', 'constructs', 'config', 'command-line'])(
  "'%s' is refused, since it exists already",
  (slug) => {
    expect(() => changesFor(root, namesOf(slug))).toThrow(`'${slug}' exists already (`);
  },
);

it('creates files with their folders, and changes others', () => {
  writeAll(folder, [
    { path: 'lib/orders/stack.ts', text: 'new' },
    { path: 'README.md', text: 'after', before: 'before' },
  ]);
  expect([read('lib/orders/stack.ts'), read('README.md')]).toEqual(['new', 'after']);
});

it('fails on a new file that exists', () => {
  expect(() => writeAll(folder, [{ path: 'README.md', text: 'new' }])).toThrow('EEXIST');
  expect(read('README.md')).toBe('before');
});
