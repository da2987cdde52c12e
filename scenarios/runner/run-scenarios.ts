import type { Scenario } from '../scenario';
import type { ScenarioReport } from '../scenario-report';
import type { Progress } from './progress';
import { UsageError } from './discovery';
import { runCheck, type CheckResult, type CheckToRun } from './run-check';
import { runAll } from './schedule';

export interface ScenariosToRun {
  readonly scenarios: readonly { readonly scenario: Scenario; readonly outputs: Readonly<Record<string, string>> }[];
  /** Proofs instead of tours. */
  readonly prove: boolean;
  /** Names of checks; empty for all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** The endpoint of an emulator, or the region of a real account. */
  readonly target: string;
}

/**
 * Runs the tours, or the proofs, of some architectures.
 *
 * @param stop aborted by Ctrl-C: what runs is ended and cleaned up, what waits is left out
 * @throws UsageError where `only` names no check
 */
export async function runScenarios(
  { scenarios, prove, only, seed, target }: ScenariosToRun,
  progress: Progress,
  stop: AbortSignal,
): Promise<{ report: ScenarioReport; results: CheckResult[] }> {
  const startedAt = new Date();
  const all = scenarios.flatMap(({ scenario, outputs }): CheckToRun[] =>
    prove
      ? scenario.proofs.map((check) => ({ slug: scenario.slug, kind: 'proof', check, outputs }))
      : [{ slug: scenario.slug, kind: 'tour', check: scenario.tour, outputs }],
  );
  const checks = select(all, only);
  const results = await runAll(checks, (check) => runCheck(check, seed, progress, stop));
  const failed = results.filter(({ report }) => report.status === 'failed').length;
  const report: ScenarioReport = {
    target,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    seed,
    passed: results.length - failed,
    failed,
    checks: results.map((result) => result.report),
  };
  return { report, results };
}

function select(checks: readonly CheckToRun[], only: readonly string[]): readonly CheckToRun[] {
  const names = checks.map(({ check }) => check.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`no check is named '${unknown}': use one of ${names.join(', ')}`);
  return checks.filter(({ check }) => only.length === 0 || only.includes(check.name));
}
