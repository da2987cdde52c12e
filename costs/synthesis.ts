import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '../lib/config';
import type { TemplateOf } from './bill';
import { stages } from './bill';
import type { Template } from '../template/template';

const run = promisify(execFile);

/** Synthesizes the app of a checkout into a temporary folder, which `dispose` removes. */
export async function synthesizeAll(
  checkout: string,
  wanted: readonly Stage[] = stages,
): Promise<{ templateOf: TemplateOf; dispose: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'costs-'));
  const cdk = join(checkout, 'node_modules', '.bin', 'cdk');
  try {
    for (const stage of wanted) {
      const options = ['synth', '--quiet', '--no-validation', '--no-notices', '--output', join(folder, stage)];
      await run(cdk, [...options, '-c', `stage=${stage}`], { cwd: checkout });
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    templateOf: (id, stage) => {
      const file = join(folder, stage, `${id}.template.json`);
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Template) : undefined;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * A checkout of another revision beside this one, with this one's packages, which `dispose` removes.
 *
 * @throws Error where git has no such revision
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
