import { joinReports } from '../scenario-runner/join-reports';
import { runChecks } from '../scenario-runner/run-checks';
import type { TestEnvironment } from '../scenario-runner/run-check';
import type { ScenarioReport } from '../scenario-runner/scenario-report';
import { writeReport } from '../scenario-runner/write-report';
import type { Scenario } from '../../scenarios/shared/scenario';
import type { checksOf } from './command-line';
import { isConnectionError } from './connection';
import type { RunFolder } from './run-folder';

export interface AccountChecks {
  readonly scenario: Scenario;
  readonly checks: ReturnType<typeof checksOf>['checks'];
  readonly outputs: Readonly<Record<string, string>>;
  /** Account and region, for the report. */
  readonly target: string;
  readonly folder: RunFolder;
  /** Waits for a connection. */
  readonly reconnect: () => Promise<unknown>;
}

/** Tries of a check that fails because the connection is lost. */
const mostTries = 3;

/** Runs the checks one after the other; one that has passed before the run was cut off is not repeated. */
export async function runAccountChecks(
  { scenario, checks, outputs, target, folder, reconnect }: AccountChecks,
  environment: TestEnvironment,
): Promise<ScenarioReport | undefined> {
  let joined: ScenarioReport | undefined;
  for (const { kind, check } of checks) {
    let report = folder.passed(check.name);
    if (report !== undefined) environment.progress.line(`– ${scenario.slug} · ${check.name}: passed before`);
    for (let tries = 0; report === undefined || (report.failed > 0 && tries < mostTries); tries++) {
      if (report !== undefined && !isConnectionError(report.checks[0]?.error?.message)) break;
      if (environment.stop.aborted) return joined;
      if (tries > 0) await reconnect();
      const choice = { scenarios: [{ scenario, outputs }], prove: kind === 'proof', only: [check.name], target };
      const result = await runChecks(choice, environment);
      report = writeReport(folder.checkFile(check.name), result.report, result.results);
    }
    joined = joined === undefined ? report : joinReports(joined, report);
  }
  return joined;
}
