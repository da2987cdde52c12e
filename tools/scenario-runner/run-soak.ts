import { UsageError } from '../../operations/command-line/command';
import type { Soak } from '../../scenarios/shared/scenario';
import type { CheckReport } from './scenario-report';
import type { CheckResult, TestEnvironment } from './run-check';
import { runCheck } from './run-check';
import type { ScenariosToRun } from './run-scenarios';
import { roundName, soakRound, type RoundOutcome } from './soak-round';

export interface SoakToRun extends Pick<ScenariosToRun, 'scenarios' | 'only'> {
  /** Time after which no round starts. */
  readonly seconds: number;
}

export interface SoakedRound {
  readonly slug: string;
  readonly units: string;
  readonly check: CheckReport;
  /** Absent where the round ended before its verification. */
  readonly outcome?: RoundOutcome;
}

interface SoakedArchitecture {
  readonly slug: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly soak: Soak;
}

const concurrency = 2;

/**
 * Runs rounds of the architectures in turn, two at a time, until the time is over or a round fails.
 *
 * @param only names of rounds, such as `soak-3`: each runs once regardless of the time; empty for as many as fit
 * @throws UsageError where no architecture has a soak, or `only` names no round
 */
export async function runSoak(
  { scenarios, only, seconds }: SoakToRun,
  environment: TestEnvironment,
): Promise<{ rounds: SoakedRound[]; results: CheckResult[] }> {
  const { progress, stop } = environment;
  const waiting: (SoakedArchitecture & { round: number })[] = [];
  for (const { scenario, outputs } of scenarios) {
    const { slug, soak } = scenario;
    if (soak === undefined) progress.line(`– ${slug} has no soak: scenarios/${slug}.ts exports none`);
    else if (only.length === 0) waiting.push({ slug, outputs, soak, round: 1 });
    else waiting.push(...only.map((name) => ({ slug, outputs, soak, round: numberOf(name) })));
  }
  if (waiting.length === 0) throw new UsageError('--soak: none of these architectures has a soak');
  const end = Date.now() + seconds * 1_000;
  const rounds: SoakedRound[] = [];
  const results: CheckResult[] = [];
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await runRound(next, environment, rounds);
      results.push(result);
      failed ||= result.report.status === 'failed';
      if (failed || stop.aborted || (only.length === 0 && Date.now() >= end)) return;
      if (only.length === 0) waiting.push({ ...next, round: next.round + 1 });
    }
  };
  const workers = Math.min(concurrency, new Set(waiting.map(({ slug }) => slug)).size);
  await Promise.all(Array.from({ length: workers }, worker));
  return { rounds, results };
}

async function runRound(
  { slug, outputs, soak, round }: SoakedArchitecture & { readonly round: number },
  environment: TestEnvironment,
  rounds: SoakedRound[],
): Promise<CheckResult> {
  let outcome: RoundOutcome | undefined;
  const check = soakRound(soak, round, (found) => (outcome = found));
  const result = await runCheck({ slug, kind: 'proof', check, outputs }, environment);
  rounds.push({ slug, units: soak.units, check: result.report, ...(outcome === undefined ? {} : { outcome }) });
  return result;
}

function numberOf(name: string): number {
  const number = Number(/^soak-([1-9]\d*)$/.exec(name)?.[1]);
  if (Number.isNaN(number)) throw new UsageError(`no round is named '${name}': use ${roundName(1)}, ${roundName(2)} …`);
  return number;
}
