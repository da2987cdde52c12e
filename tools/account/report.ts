import { join } from 'node:path';
import { describe, type SynthesizedArchitecture } from '../local/architecture-reports';
import type { Facts } from '../local/architecture-facts';
import { machineInfo, writeReport } from '../local/report';
import type { Phase } from '../scenario-runner/progress';
import type { FunctionStatistics } from '../scenario-runner/function-observer';
import type { ScenarioReport } from '../scenario-runner/scenario-report';
import type { Settings } from '../../scenarios/shared/scenario';
import type { Account } from './account';
import type { RunFolder } from './run-folder';

export interface AccountResult {
  readonly startedAt: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: readonly FunctionStatistics[];
  readonly scenarios: ScenarioReport | undefined;
  readonly phases: readonly Phase[];
  readonly failure: string | undefined;
}

export interface DeployedApp {
  readonly synthesized: SynthesizedArchitecture;
  readonly facts: Facts;
  readonly settings: Settings;
}

/** Writes the report page of a run in an account; returns its path. */
export function writeAccountReport(
  { folder, checks }: RunFolder,
  { account: id, region }: Account,
  { synthesized, facts, settings }: DeployedApp,
  { startedAt, outputs, functions, scenarios, phases, failure }: AccountResult,
): string {
  const overrides = [{ slug: synthesized.slug, json: JSON.stringify(settings) }];
  const pass = { overrides, slugs: [synthesized.slug], only: [] };
  const known = new Map([[synthesized.slug, facts]]);
  const [report] = describe([synthesized], pass, known, { [synthesized.id]: { ...outputs } });
  const files = {
    report: join(folder, 'report.json'),
    reportPage: join(folder, 'report.html'),
    scenarioReport: join(checks, 'report.json'),
  };
  writeReport(files, {
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
    status: failure === undefined && scenarios?.failed === 0 ? 'passed' : 'failed',
    machine: machineInfo(),
    account: { id, region },
    phases: [...phases],
    // The limits are those of the emulator.
    architectures: report === undefined ? [] : [{ ...report, limits: [] }],
    rules: [],
    functions: [...functions],
    ...(scenarios === undefined ? {} : { scenarios }),
    ...(failure === undefined ? {} : { failure }),
  });
  return files.reportPage;
}
