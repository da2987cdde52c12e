import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ScenarioRun } from '../shared/scenario';

const program = join(__dirname, '..', '..', 'operations', 'main.ts');

/**
 * Runs a command of the runbook against the stack of the check, in a process of its own.
 *
 * @returns what it prints
 * @throws Error with what it complains, unless its exit code is 0
 */
export async function runOperation(run: ScenarioRun, ...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'operation-'));
  try {
    const outputs = join(folder, 'outputs.json');
    await writeFile(outputs, JSON.stringify({ OrderWorkflow: run.outputs }));
    const command = ['--import', 'tsx', program, 'order-workflow', ...args, '--outputs', outputs];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `npm run ops -- order-workflow orders`. */
export function runOrders(run: ScenarioRun, ...args: string[]): Promise<string> {
  return runOperation(run, 'orders', ...args);
}
