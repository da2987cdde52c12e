import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { insertions } from './insertions';
import type { Names } from './names';
import { filesOf } from './skeleton';

/** File to write; `before` is its present text, absent for a new file. */
export interface Change {
  readonly path: string;
  readonly text: string;
  readonly before?: string;
}

/** Folders with a folder or a file for each architecture. */
const trees = [
  'lib',
  'lambda',
  'operations',
  'scenarios',
  'test/lib',
  'test/lambda',
  'test/operations',
  'docs/runbook',
];

/**
 * Returns all files and changes for a new architecture, without writing them.
 *
 * @throws Error that names an existing file of that name, or the missing place in a file
 */
export function changesFor(root: string, names: Names): Change[] {
  const { slug } = names;
  const occupied = trees
    .flatMap((tree) => [`${tree}/${slug}`, `${tree}/${slug}.ts`, `${tree}/${slug}.md`])
    .find((path) => existsSync(join(root, path)));
  if (occupied !== undefined) throw new Error(`'${slug}' exists already (${occupied}): use another name`);
  const files = [...filesOf(names)].map(([path, text]): Change => ({ path, text }));
  const edits = Object.entries(insertions).map(([path, insert]): Change => {
    const before = readFileSync(join(root, path), 'utf8');
    return { path, text: insert(before, names), before };
  });
  return [...files, ...edits];
}

/** Writes all changes; fails on a file that was created meanwhile. */
export function writeAll(root: string, changes: readonly Change[]): void {
  for (const { path, text, before } of changes) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: before === undefined ? 'wx' : 'w' });
  }
}
