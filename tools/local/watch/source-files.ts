import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Files and folders of the checkout whose changes a watch acts on. */
const watched = ['bin', 'lambda', 'lib', 'operations', 'scenarios', 'cdk.json'] as const;

/** A look takes about 3 ms for 500 files. */
const lookMilliseconds = 200;

/** Size and time of change of files by their path below the root. */
export type Snapshot = ReadonlyMap<string, string>;

export function takeSnapshot(root: string): Snapshot {
  const files = watched.flatMap((path) => filesIn(join(root, path)));
  return new Map(files.map((file) => [relative(root, file), stampOf(file)]));
}

/** Paths that were added, changed or removed, sorted. */
export function changesBetween(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/**
 * Waits for changes of watched files by looking at them again and again: `fs.watch` on Linux watches inodes, so it loses a
 * file that an editor replaces (https://nodejs.org/api/fs.html#inodes), and sees nothing in some mounted folders.
 */
export class SourceFiles {
  /** @param seen state of which changes are already known */
  constructor(
    private readonly root: string,
    private seen: Snapshot,
  ) {}

  /** Returns the paths that have changed since the last call, once nothing changes any more. */
  async nextChanges(): Promise<string[]> {
    for (let last = this.seen; ;) {
      const now = takeSnapshot(this.root);
      const isQuiet = changesBetween(last, now).length === 0;
      const changes = changesBetween(this.seen, now);
      if (isQuiet && changes.length > 0) {
        this.seen = now;
        return changes;
      }
      last = now;
      await sleep(lookMilliseconds);
    }
  }
}

function filesIn(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'missing' : `${stats.size} ${stats.mtimeMs}`;
}
