import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScenario } from '../scenario-runner/discovery';
import type { Scenario } from '../../scenarios/shared/scenario';
import { factsOfAll } from './architecture-facts';
import { addPermissions, describe, overridesOf, synthesizedOf } from './architecture-reports';
import { bundleRuntime } from './bundle-runtime';
import { CallRecord } from './calls/gather';
import { bootstrap, synthesize } from './cdk';
import { ensureCertificate } from './certificate';
import type { Checkout } from './checkout';
import type { ChildProcesses } from './child-processes';
import type { RunOptions } from './command-line';
import { writeEnvironmentFile } from './connection';
import { Databases } from './database/databases';
import { localizeAndDeploy, readOutputs } from './deployment';
import { startEmulator, type Emulator } from './emulator';
import { offerFaults } from './faults/offer-faults';
import { withoutMissingPrograms } from './programs';
import type { Progress } from './progress';
import { findPython, installEmulator } from './python';
import { machine } from './report';
import type { RunReport } from './run-report';
import { roundsOf, titleOf, type Round } from './rounds';
import { joinReports, runScenarios } from './scenario-run';
import type { Workspace } from './workspace';

/** What the run needs of the registry. */
export interface RegisteredArchitecture {
  readonly id: string;
  readonly slug: string;
  readonly flow: string;
}

export interface Run {
  readonly workspace: Workspace;
  readonly checkout: Checkout;
  readonly children: ChildProcesses;
  readonly progress: Progress;
  readonly options: RunOptions;
  /** Those that the run deploys. */
  readonly architectures: readonly RegisteredArchitecture[];
}

/** What a run has found so far; it grows while the run goes on, so that a failure is told with what came before it. */
export type Findings = Pick<RunReport, 'machine' | 'emulator' | 'architectures' | 'rules' | 'scenarios'>;

export function noFindings(): Findings {
  return {
    machine: machine('unknown'),
    emulator: { name: 'MiniStack', version: 'not started' },
    architectures: [],
    rules: [],
  };
}

/**
 * Deploys the app to an emulator on this machine and runs its scenarios.
 *
 * @returns whether all of them passed
 * @throws Error whose message says what failed, with the tail of the log that tells why
 */
export async function runLocally(run: Run, findings: Findings): Promise<boolean> {
  const { workspace, progress, children, options } = run;
  const python = await findPython(process.env['PYTHON']);
  findings.machine = machine(python.version);
  const installed = await progress.phase('install', (tell) => installEmulator(python, workspace, children, tell));

  const slugs = run.architectures.map(({ slug }) => slug);
  const [first, ...others] = roundsOf(
    slugs,
    options.prove ? withoutMissingPrograms(await loadScenarios(run), (text) => progress.say(text)) : [],
    options,
  );
  const prepared = progress
    .phase('synthesize', (tell) => synthesize(run, first.overrides, tell))
    .then(async () => {
      const synthesized = synthesizedOf(run.architectures, workspace.assembly);
      return { synthesized, facts: await factsOfAll(workspace.root, synthesized) };
    });
  const [emulator, { synthesized, facts }] = await Promise.all([startAndBootstrap(run, installed), prepared]);
  findings.emulator = { name: 'MiniStack', version: emulator.version };
  findings.architectures = describe(synthesized, first, facts);

  const { endpoint, temporaryFolder } = emulator;
  const databases = new Databases({ workspace, children, endpoint, temporaryFolder });
  await localizeAndDeploy(run, { emulator, databases }, first, findings);
  findings.architectures = describe(synthesized, first, facts, readOutputs(workspace));
  writeEnvironmentFile(workspace, emulator.connection);

  const ids = run.architectures.map(({ id }) => id);
  const calls = new CallRecord(workspace, endpoint, ids);
  await calls.learnNames();

  const faults = await offerFaults(workspace, emulator.endpoint, () => databases.current?.control);
  let passed = false;
  try {
    passed = await runRound(run, emulator, { ...first, faults: faults.url }, findings);
    for (const round of others) {
      await progress.phase(titleOf(round, 'synthesize'), (tell) => synthesize(run, round.overrides, tell));
      await localizeAndDeploy(run, { emulator, databases }, round, findings);
      await calls.learnNames();
      passed = (await runRound(run, emulator, { ...round, faults: faults.url }, findings)) && passed;
    }
    return passed;
  } finally {
    faults.stop();
    // A soak does ordinary work alone, which is no measure of what functions may do.
    const proved = options.prove && options.soak === undefined;
    const gathered = calls.write(proved);
    const complete = passed && proved && options.only.length === 0;
    addPermissions(findings.architectures, workspace.root, synthesized, gathered, complete);
  }
}

/** Runs the scenarios of a round and adds what they found; gives whether none failed. */
async function runRound(
  run: Run,
  emulator: Emulator,
  round: Round & { faults: string },
  findings: Findings,
): Promise<boolean> {
  const { workspace, children, progress, options } = run;
  // One run has one seed, whichever rounds it has.
  const seed = options.seed ?? findings.scenarios?.seed.toString();
  const kind = options.soak === undefined ? (options.prove ? 'proofs' : 'smoke tests') : 'soak';
  const variants = Object.values(round.variants ?? {});
  const { passed, report, failure } = await progress.phase(titleOf(round, kind), (tell) =>
    runScenarios(workspace, children, emulator.connection, { ...options, ...round, variants, seed }, (text) => {
      tell(text);
      progress.forward(text);
    }),
  );
  if (report !== undefined) {
    findings.scenarios = findings.scenarios === undefined ? report : joinReports(findings.scenarios, report);
  }
  if (failure !== undefined) throw failure;
  if (report === undefined) throw new Error(`the scenarios wrote no report: see ${workspace.log('scenarios')}`);
  for (const one of findings.architectures) {
    const name = round.variants?.[one.slug];
    if (name !== undefined) one.variants.push({ name, overrides: overridesOf(round, one.slug) });
  }
  return passed;
}

function loadScenarios({ workspace, architectures }: Run): Promise<Scenario[]> {
  return Promise.all(architectures.map(({ slug }) => loadScenario(join(workspace.root, 'scenarios'), slug)));
}

async function startAndBootstrap(run: Run, python: string): Promise<Emulator> {
  const { workspace, children, progress, checkout } = run;
  for (const folder of [workspace.faults, workspace.callers]) rmSync(folder, { recursive: true, force: true });
  ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
  bundleRuntime(workspace);
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'local-run-'));
  checkout.update({ temporaryFolder });
  const emulator = await progress.phase('emulator', () =>
    startEmulator({ workspace, children, python, temporaryFolder }),
  );
  await progress.phase('bootstrap', (tell) => bootstrap(run, emulator.connection, tell));
  return emulator;
}
