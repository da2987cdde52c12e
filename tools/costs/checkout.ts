import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Checks out another revision into a temporary folder with this checkout's packages; `dispose` removes it.
 *
 * @throws Error if git has no such revision
 */
export async function checkoutOf(
  root: string,
  revision: string,
): Promise<{ folder: string; dispose: () => Promise<void> }> {
  const parent = mkdtempSync(join(tmpdir(), 'costs-against-'));
  const folder = join(parent, 'checkout');
  const git = (...args: string[]): Promise<unknown> => run('git', args, { cwd: root });
  try {
    await git('worktree', 'add', '--detach', folder, revision);
  } catch {
    rmSync(parent, { recursive: true, force: true });
    throw new Error(`no revision '${revision}': use a branch, tag or commit of this repository`);
  }
  for (const shared of ['node_modules', '.native']) symlinkSync(join(root, shared), join(folder, shared));
  return {
    folder,
    dispose: async () => {
      await git('worktree', 'remove', '--force', folder);
      rmSync(parent, { recursive: true, force: true });
    },
  };
}
