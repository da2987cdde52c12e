import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readDuration } from '../scenario-runner/duration';
import { scenarioReportSchema, type ScenarioReport } from '../scenario-runner/scenario-report';
import { CommandError, type ChildProcesses } from './child-processes';
import { connectedEnvironment } from './connection';
import type { Workspace } from './workspace';

export interface ScenarioChoice {
  readonly slugs: readonly string[];
  readonly prove: boolean;
  /** How long work goes on under faults of chance, such as `10m`, in place of the proofs. */
  readonly soak?: string | undefined;
  readonly only: readonly string[];
  readonly seed: string | undefined;
  /** Proves these variants, which are deployed. */
  readonly variants?: readonly string[];
  /** Where the runner can ask for faults. */
  readonly faults?: string | undefined;
}

/** Smoke tests are seconds and proofs are minutes, all together; the limits leave a check the time to say what it waits for. */
const limitSeconds = { smokeTests: 300, proofs: 1_200 } as const;

/** What scenarios that took too long have for ending their checks and writing the report that says where they stood. */
const graceMilliseconds = 20_000;

/** What the last passes of a soak may take beyond its time. */
const soakEndSeconds = 900;

export interface ScenarioOutcome {
  readonly passed: boolean;
  /** Where the runner got as far as to write one. */
  readonly report: ScenarioReport | undefined;
  /** Why the runner was ended. */
  readonly failure?: CommandError;
}

/**
 * Runs the scenarios as anybody could against any account: a process that knows stack outputs and an endpoint.
 *
 * @param withinSeconds after which they are ended
 */
export async function runScenarios(
  workspace: Workspace,
  children: ChildProcesses,
  connection: Record<string, string>,
  choice: ScenarioChoice,
  onOutput: (text: string) => void,
  withinSeconds: number = limitOf(choice),
): Promise<ScenarioOutcome> {
  const { variants = [], faults } = choice;
  const name = variants.join('-');
  const reportFile = name === '' ? workspace.scenarioReport : workspace.variantReport(name);
  rmSync(reportFile, { force: true });
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const command = {
    what: choice.prove ? 'proofs' : 'smoke tests',
    file: process.execPath,
    arguments: [
      ...['--import', 'tsx', join('tools', 'scenario-runner', 'main.ts'), ...choice.slugs],
      ...['--outputs', workspace.outputs, '--report', reportFile],
      ...(choice.prove ? ['--prove'] : []),
      ...(choice.soak === undefined ? [] : ['--soak', choice.soak]),
      ...variants.flatMap((variant) => ['--variant', variant]),
      ...(faults === undefined ? [] : ['--faults', faults]),
      ...choice.only.flatMap((name) => ['--only', name]),
      ...(choice.seed === undefined ? [] : ['--seed', choice.seed]),
    ],
    folder: workspace.root,
    environment: { ...connectedEnvironment(connection), ...color },
    log: workspace.log(name === '' ? 'scenarios' : `scenarios-${name}`),
    onOutput,
  };
  try {
    const code = await children.run(command, { withinSeconds, allowFailure: true, graceMilliseconds });
    return { passed: code === 0, report: readReport(reportFile) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { passed: false, report: readReport(reportFile), failure: error };
  }
}

function limitOf({ prove, soak }: ScenarioChoice): number {
  if (soak !== undefined) return readDuration('--soak', soak) + soakEndSeconds;
  return prove ? limitSeconds.proofs : limitSeconds.smokeTests;
}

/** The report of two passes as that of one run. */
export function joinReports(one: ScenarioReport, other: ScenarioReport): ScenarioReport {
  return {
    ...one,
    seconds: one.seconds + other.seconds,
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    checks: [...one.checks, ...other.checks],
  };
}

function readReport(file: string): ScenarioReport | undefined {
  if (!existsSync(file)) return undefined;
  return scenarioReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
