import { runCommand } from '../shared/runbook-commands';
import type { ScenarioRun } from '../shared/scenario';

const slug = 'stream-processor';

/** Runs a command of the runbook, without its beginning, and asserts its exit code. */
export async function runOps(run: ScenarioRun, command: string, exitCode = 0): Promise<string> {
  return runCommand(run, slug, `npm run ops -- ${slug} ${command}`, { exitCode });
}
