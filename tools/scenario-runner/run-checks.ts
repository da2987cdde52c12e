import type { Colors } from 'picocolors/types';
import { readDuration } from './duration';
import type { CheckResult, TestEnvironment } from './run-check';
import { reportOf, runScenarios, type ScenariosToRun } from './run-scenarios';
import { runSoak, type SoakedRound } from './run-soak';
import type { ScenarioReport } from './scenario-report';
import { soakTable } from './soak-table';

export interface ChecksToRun extends ScenariosToRun {
  /** Duration of a soak, such as `10m`, instead of smoke tests or proofs. */
  readonly soak?: string | undefined;
}

export interface ChecksResult {
  readonly report: ScenarioReport;
  readonly results: readonly CheckResult[];
  /** Empty without a soak. */
  readonly rounds: readonly SoakedRound[];
}

/**
 * Runs smoke tests, proofs or a soak.
 *
 * @throws UsageError for an unknown check or variant
 */
export async function runChecks(choice: ChecksToRun, environment: TestEnvironment): Promise<ChecksResult> {
  if (choice.soak === undefined) {
    const results = await runScenarios(choice, environment);
    return { report: reportOf(results, choice, environment), results, rounds: [] };
  }
  const { rounds, results } = await runSoak({ ...choice, seconds: readDuration('--soak', choice.soak) }, environment);
  return { report: reportOf(results, choice, environment), results, rounds };
}

/**
 * Summary of a run: soak results, the command that repeats failures, and the counts.
 *
 * @param repeat command that runs the same architectures again, such as `npm run prove --`
 */
export function summaryLines(
  { report, rounds }: Pick<ChecksResult, 'report' | 'rounds'>,
  { repeat, soak }: { readonly repeat: string; readonly soak?: string | undefined },
  colors: Colors,
): string[] {
  const { passed, failed, skipped, seed, seconds } = report;
  const broken = report.checks.filter(({ status }) => status === 'failed');
  const slugs = [...new Set(broken.map(({ slug }) => slug))];
  const only = [...new Set(broken.map(({ name }) => `--only ${name}`))];
  const again = [repeat, ...slugs, ...(soak === undefined ? [] : [`--soak ${soak}`]), ...only, `--seed ${seed}`];
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const line = `${counts} in ${Math.round(seconds)} s (seed ${seed})`;
  return [
    ...(rounds.length === 0 ? [] : [soakTable(rounds, colors)]),
    ...(failed > 0 ? [`repeat with: ${again.join(' ')}`, colors.red(line)] : [colors.green(line)]),
  ];
}
