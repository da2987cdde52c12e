import type { FaultInjector } from '../../scenarios/shared/faults/fault-injector';
import type { Scenario } from '../../scenarios/shared/scenario';
import { readDuration } from '../scenario-runner/duration';
import { joinReports } from '../scenario-runner/join-reports';
import type { FunctionObserver } from '../scenario-runner/function-observer';
import { runChecks, type ChecksResult } from '../scenario-runner/run-checks';
import type { ScenarioReport } from '../scenario-runner/scenario-report';
import { writeReport } from '../scenario-runner/write-report';
import { overridesOf } from './architecture-reports';
import { readOutputs } from './deployment';
import { titleOf, type DeploymentPass } from './deployment-passes';
import type { Run, RunResult } from './run';

/** Time limits of the checks of a pass, in seconds for each architecture. */
const limitSeconds = { smokeTests: 60, proofs: 240 } as const;
/** Time beyond that for a pass of one architecture, in seconds. */
const marginSeconds = 300;
/** Time beyond a soak's duration for its last rounds, in seconds. */
const soakEndSeconds = 900;

export interface PassEnvironment {
  readonly scenarios: readonly Scenario[];
  readonly faults: FaultInjector;
  readonly observer: FunctionObserver;
  /** Endpoint of the emulator. */
  readonly target: string;
}

/** Runs the checks of a deployment pass and adds their results; returns whether none failed. */
export async function runPass(
  run: Run,
  pass: DeploymentPass,
  { scenarios, faults, observer, target }: PassEnvironment,
  result: RunResult,
): Promise<boolean> {
  const { workspace, progress, options, startedAt } = run;
  const variants = Object.values(pass.variants ?? {});
  const outputs = readOutputs(workspace);
  const chosen = run.architectures
    .filter(({ slug }) => pass.slugs.includes(slug))
    .flatMap(({ id, slug }) => {
      const scenario = scenarios.find((one) => one.slug === slug);
      return scenario === undefined ? [] : { scenario, outputs: outputs[id] ?? {} };
    });
  const kind = options.soak === undefined ? (options.prove ? 'proofs' : 'smoke tests') : 'soak';
  const title = titleOf(pass, kind);
  const limit = new AbortController();
  const seconds = limitOf(options, chosen.length);
  const timer = setTimeout(
    () => limit.abort(new Error(`the ${title} did not end within ${seconds} s`)),
    seconds * 1_000,
  );
  try {
    const environment = { seed: options.seed, progress, stop: limit.signal, startedAt, faults, observer };
    const choice = { ...options, scenarios: chosen, variants, only: pass.only, target };
    const checks = await progress.phase(title, () => runChecks(choice, environment), {
      hasFailed: ({ report }) => report.failed > 0,
    });
    const file = variants.length === 0 ? workspace.scenarioReport : workspace.variantReport(variants.join('-'));
    const report = writeReport(file, checks.report, checks.results);
    addResult(result, pass, report, checks.rounds);
    return report.failed === 0;
  } finally {
    clearTimeout(timer);
  }
}

function limitOf({ prove, soak }: Run['options'], architectures: number): number {
  if (soak !== undefined) return readDuration('--soak', soak) + soakEndSeconds;
  return marginSeconds + architectures * (prove ? limitSeconds.proofs : limitSeconds.smokeTests);
}

function addResult(
  result: RunResult,
  pass: DeploymentPass,
  report: ScenarioReport,
  rounds: ChecksResult['rounds'],
): void {
  result.scenarios = result.scenarios === undefined ? report : joinReports(result.scenarios, report);
  result.rounds = [...result.rounds, ...rounds];
  for (const one of result.architectures) {
    const name = pass.variants?.[one.slug];
    if (name !== undefined) one.variants.push({ name, overrides: overridesOf(pass, one.slug) });
  }
}
