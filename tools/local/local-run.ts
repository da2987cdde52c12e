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
import { writeEnvironmentFile } from './connection';
import { Databases } from './database/databases';
import { localizeAndDeploy, readOutputs } from './deployment';
import { startEmulator, type Emulator } from './emulator';
import { offerFaults } from './faults/offer-faults';
import { withoutMissingPrograms } from './programs';
import { findPython, installEmulator } from './python';
import { machineInfo } from './report';
import type { Run, RunResult } from './run';
import { deploymentPasses, titleOf, type DeploymentPass } from './deployment-passes';
import { joinReports, runScenarios } from './scenario-run';

/**
 * Deploys the app to an emulator on this machine and runs its scenarios.
 *
 * @returns whether all of them passed
 * @throws Error that names what failed, with the last lines of its log
 */
export async function runLocally(run: Run, result: RunResult): Promise<boolean> {
  const { workspace, progress, children, options } = run;
  const python = await findPython(process.env['PYTHON']);
  result.machine = machineInfo(python.version);
  const installed = await progress.phase('install', (setDetail) =>
    installEmulator(python, workspace, children, setDetail),
  );

  const slugs = run.architectures.map(({ slug }) => slug);
  const [first, ...others] = deploymentPasses(
    slugs,
    options.prove ? withoutMissingPrograms(await loadScenarios(run), (text) => progress.say(text)) : [],
    options,
  );
  const prepared = progress
    .phase('synthesize', (setDetail) => synthesize(run, first.overrides, setDetail))
    .then(async () => {
      const synthesized = synthesizedOf(run.architectures, workspace.assembly);
      return { synthesized, facts: await factsOfAll(workspace.root, synthesized) };
    });
  const [emulator, { synthesized, facts }] = await Promise.all([startAndBootstrap(run, installed), prepared]);
  result.emulator = { name: 'MiniStack', version: emulator.version };
  result.architectures = describe(synthesized, first, facts);

  const { endpoint, temporaryFolder } = emulator;
  const databases = new Databases({ workspace, children, endpoint, temporaryFolder });
  await localizeAndDeploy(run, { emulator, databases }, first, result);
  result.architectures = describe(synthesized, first, facts, readOutputs(workspace));
  writeEnvironmentFile(workspace, emulator.connection);

  const ids = run.architectures.map(({ id }) => id);
  const calls = new CallRecord(workspace, endpoint, ids);
  await calls.learnNames();

  const faults = await offerFaults(workspace, emulator.endpoint, () => databases.current?.control);
  let passed = false;
  try {
    passed = await runPass(run, emulator, { ...first, faults: faults.url }, result);
    for (const pass of others) {
      await progress.phase(titleOf(pass, 'synthesize'), (setDetail) => synthesize(run, pass.overrides, setDetail));
      await localizeAndDeploy(run, { emulator, databases }, pass, result);
      await calls.learnNames();
      passed = (await runPass(run, emulator, { ...pass, faults: faults.url }, result)) && passed;
    }
    return passed;
  } finally {
    faults.stop();
    // A soak does ordinary work alone, which does not need every permission.
    const proved = options.prove && options.soak === undefined;
    const gathered = calls.write(proved);
    const complete = passed && proved && options.only.length === 0;
    addPermissions(result.architectures, workspace.root, synthesized, gathered, complete);
  }
}

/** Runs the scenarios of a pass and adds their results; returns whether none failed. */
async function runPass(
  run: Run,
  emulator: Emulator,
  pass: DeploymentPass & { faults: string },
  result: RunResult,
): Promise<boolean> {
  const { workspace, children, progress, options } = run;
  // All passes of a run have the same seed.
  const seed = options.seed ?? result.scenarios?.seed.toString();
  const kind = options.soak === undefined ? (options.prove ? 'proofs' : 'smoke tests') : 'soak';
  const variants = Object.values(pass.variants ?? {});
  const { passed, report, failure } = await progress.phase(titleOf(pass, kind), (setDetail) =>
    runScenarios(workspace, children, emulator.connection, { ...options, ...pass, variants, seed }, (text) => {
      setDetail(text);
      progress.forward(text);
    }),
  );
  if (report !== undefined) {
    result.scenarios = result.scenarios === undefined ? report : joinReports(result.scenarios, report);
  }
  if (failure !== undefined) throw failure;
  if (report === undefined) throw new Error(`the scenarios wrote no report: see ${workspace.log('scenarios')}`);
  for (const one of result.architectures) {
    const name = pass.variants?.[one.slug];
    if (name !== undefined) one.variants.push({ name, overrides: overridesOf(pass, one.slug) });
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
  await progress.phase('bootstrap', (setDetail) => bootstrap(run, emulator.connection, setDetail));
  return emulator;
}
