import type { FaultInjector } from '../faults/fault-injector';
import type { Check, Scenario } from '../scenario';
import type { CheckReport, ScenarioReport } from '../scenario-report';
import type { Progress } from './progress';

import { runCheck, type CheckResult, type CheckToRun } from './run-check';
import { runAll } from './schedule';
import { UsageError } from '../../command-line/command';

export interface ScenariosToRun {
  readonly scenarios: readonly { readonly scenario: Scenario; readonly outputs: Readonly<Record<string, string>> }[];
  /** Proofs instead of tours. */
  readonly prove: boolean;
  /** Proves this variant of the architectures, which is the one that is deployed. */
  readonly variant?: string;
  /** Names of checks; empty for all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** The endpoint of an emulator, or the region of a real account. */
  readonly target: string;
  readonly faults?: FaultInjector;
}

/**
 * Runs the tours, or the proofs, of some architectures.
 *
 * @param stop aborted by Ctrl-C: what runs is ended and cleaned up, what waits is left out
 * @throws UsageError where `only` names no check, or `variant` no variant
 */
export async function runScenarios(
  { scenarios, prove, variant, only, seed, target, faults }: ScenariosToRun,
  progress: Progress,
  stop: AbortSignal,
): Promise<{ report: ScenarioReport; results: CheckResult[] }> {
  const startedAt = new Date();
  const all = scenarios.flatMap(({ scenario, outputs }): CheckToRun[] =>
    prove
      ? proofsOf(scenario, variant).map((check) => ({
          ...{ slug: scenario.slug, kind: 'proof', check, outputs },
          ...(variant === undefined ? {} : { variant }),
        }))
      : [{ slug: scenario.slug, kind: 'tour', check: scenario.tour, outputs }],
  );
  const checks = select(all, only);
  const surroundings = { seed, progress, stop, ...(faults === undefined ? {} : { faults }) };
  const results = await runAll(checks, (check) => runCheck(check, surroundings));
  return { report: reportOf(results, { target, seed }, startedAt), results };
}

/** What was found, as one report. */
export function reportOf(
  results: readonly CheckResult[],
  { target, seed }: Pick<ScenariosToRun, 'target' | 'seed'>,
  startedAt: Date,
): ScenarioReport {
  const count = (status: CheckReport['status']): number =>
    results.filter(({ report }) => report.status === status).length;
  return {
    target,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    seed,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    checks: results.map((result) => result.report),
  };
}

function proofsOf({ slug, proofs, variants = [] }: Scenario, name: string | undefined): readonly Check[] {
  if (name === undefined) return proofs;
  const variant = variants.find((one) => one.name === name);
  if (variant !== undefined) return variant.proofs;
  const known = variants.map((one) => one.name).join(', ');
  throw new UsageError(`${slug} has no variant '${name}': ${known === '' ? 'leave --variant out' : `use ${known}`}`);
}

function select(checks: readonly CheckToRun[], only: readonly string[]): readonly CheckToRun[] {
  const names = checks.map(({ check }) => check.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`no check is named '${unknown}': use one of ${names.join(', ')}`);
  return checks.filter(({ check }) => only.length === 0 || only.includes(check.name));
}
