import { runCommand } from '../shared/runbook-commands';
import type { ScenarioRun } from '../shared/scenario';

/** Runs a command of the runbook, without its beginning `npm run ops -- order-workflow`, and asserts that it succeeds. */
export function runOperation(run: ScenarioRun, command: string, orderId = ''): Promise<string> {
  return runCommand(run, 'order-workflow', `npm run ops -- order-workflow ${command}`, {
    values: { 'order id': orderId },
  });
}
