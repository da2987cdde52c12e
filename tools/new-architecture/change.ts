import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * Writes all changes or none: if one fails, the ones before it are undone.
 *
 * @throws Error of the file system, after the undo
 */
export function writeAll(root: string, changes: readonly Change[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const { path, text, before } of changes) {
      const file = join(root, path);
      const made = mkdirSync(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
      if (before === undefined) {
        // Fails on a file that was created meanwhile.
        closeSync(openSync(file, 'wx'));
        undo.push(() => rmSync(file, { force: true }));
      } else {
        undo.push(() => writeFileSync(file, before));
      }
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}
