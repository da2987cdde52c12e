import type { FaultInjector } from '../faults';
import type { ScenarioRun } from '../scenario';

/** @throws Error where the check forgot to say that it needs them */
export function faultsOf(run: ScenarioRun): FaultInjector {
  if (run.faults === undefined) throw new Error("no faults are offered: the check has to say needs: 'faults'");
  return run.faults;
}
