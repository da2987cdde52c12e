import type { Scenario } from '../../scenarios/shared/scenario';
import type { CheckReport, ScenarioReport } from './scenario-report';
import { runCheck, type CheckResult, type CheckToRun, type TestEnvironment } from './run-check';
import { runAll } from './schedule';
import { UsageError } from '../../operations/command-line/command';

export interface ScenariosToRun {
  readonly scenarios: readonly { readonly scenario: Scenario; readonly outputs: Readonly<Record<string, string>> }[];
  /** Proofs instead of smoke tests. */
  readonly prove: boolean;
  /** Variants whose proofs run instead of those of the architectures: for each architecture the deployed one. */
  readonly variants?: readonly string[];
  /** Names of checks; empty for all. */
  readonly only: readonly string[];
  /** Endpoint of an emulator, or region of a real account. */
  readonly target: string;
}

/**
 * Runs the smoke tests or proofs of several architectures.
 *
 * @throws UsageError where `only` names an unknown check, or `variants` names not exactly one of each architecture
 */
export async function runScenarios(
  { scenarios, prove, variants = [], only }: ScenariosToRun,
  environment: TestEnvironment,
): Promise<CheckResult[]> {
  const all = scenarios.flatMap(({ scenario, outputs }): CheckToRun[] =>
    prove
      ? proofsOf(scenario, variants).map((proof) => ({ slug: scenario.slug, kind: 'proof', ...proof, outputs }))
      : [{ slug: scenario.slug, kind: 'smoke-test', check: scenario.smokeTest, outputs }],
  );
  return runAll(select(all, only), (check) => runCheck(check, environment));
}

/** Combines results into one report. */
export function reportOf(
  results: readonly CheckResult[],
  { target }: Pick<ScenariosToRun, 'target'>,
  { seed, startedAt }: Pick<TestEnvironment, 'seed' | 'startedAt'>,
): ScenarioReport {
  const count = (status: CheckReport['status']): number =>
    results.filter(({ report }) => report.status === status).length;
  return {
    target,
    startedAt: new Date(startedAt).toISOString(),
    seconds: (Date.now() - startedAt) / 1000,
    seed,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    checks: results.map((result) => result.report),
  };
}

function proofsOf(
  { slug, proofs, variants = [] }: Scenario,
  names: readonly string[],
): readonly Pick<CheckToRun, 'check' | 'variant'>[] {
  if (names.length === 0) return proofs.map((check) => ({ check }));
  const [variant, another] = variants.filter(({ name }) => names.includes(name));
  if (variant !== undefined && another === undefined)
    return variant.proofs.map((check) => ({ check, variant: variant.name }));
  const found = another === undefined ? 'none' : 'more than one';
  const known = variants.map((one) => one.name).join(', ');
  throw new UsageError(
    `--variant ${names.join(' ')}: ${slug} has ${found} of them: ${known === '' ? 'leave it out' : `use one of ${known}`}`,
  );
}

function select(checks: readonly CheckToRun[], only: readonly string[]): readonly CheckToRun[] {
  const names = checks.map(({ check }) => check.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`no check is named '${unknown}': use one of ${names.join(', ')}`);
  return checks.filter(({ check }) => only.length === 0 || only.includes(check.name));
}
