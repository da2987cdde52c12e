import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { insertions } from './insertions';
import type { Names } from './names';
import { filesOf } from './skeleton';

/** A file to write; `before` is what stands there now, absent where nothing does. */
export interface Change {
  readonly path: string;
  readonly text: string;
  readonly before?: string;
}

/** The trees with a folder, or a file, for each architecture. */
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
 * Everything that a new architecture needs, none of it written yet.
 *
 * @throws Error that names what is there under its name already, or a place that a file lacks
 */
export function changesFor(root: string, names: Names): Change[] {
  const { slug } = names;
  const occupied = trees
    .flatMap((tree) => [`${tree}/${slug}`, `${tree}/${slug}.ts`, `${tree}/${slug}.md`])
    .find((path) => existsSync(join(root, path)));
  if (occupied !== undefined) throw new Error(`'${slug}' is there already (${occupied}): use another name`);
  const files = [...filesOf(names)].map(([path, text]): Change => ({ path, text }));
  const edits = Object.entries(insertions).map(([path, insert]): Change => {
    const before = readFileSync(join(root, path), 'utf8');
    return { path, text: insert(before, names), before };
  });
  return [...files, ...edits];
}

/**
 * Writes all changes or none: what was written before one failed is taken back.
 *
 * @throws Error of the file system, once everything is as it was
 */
export function writeAll(root: string, changes: readonly Change[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const { path, text, before } of changes) {
      const file = join(root, path);
      const made = mkdirSync(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
      if (before === undefined) {
        // Never over a file that has come meanwhile.
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
