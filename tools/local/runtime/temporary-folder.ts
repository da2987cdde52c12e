import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const prefix = 'environment-';

/**
 * Gives an environment a temporary folder of its own, as on AWS, where each has its own `/tmp`. Folders of environments that
 * have ended are removed.
 */
export function makeTemporaryFolder(
  parent: string,
  pid: number,
  isRunning: (pid: number) => boolean = isProcessRunning,
): string {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)$`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `${prefix}${pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
}

function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
