import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factsOfAll } from './architecture-facts';
import { addPermissions, describe, synthesizedOf } from './architecture-reports';
import { clientSettings } from './client-settings';
import { bundleRuntime, writeServiceModels } from './bundle-runtime';
import { CallRecord } from './calls/gather';
import { bootstrap, synthesize } from './cdk';
import { ensureCertificate } from './certificate';
import { connectProcess, writeEnvironmentFile } from './connection';
import { Databases } from './database/databases';
import { deploymentPasses, titleOf, type DeploymentPass } from './deployment-passes';
import { assemblyOf, localizeAndDeploy, readOutputs, type DeploymentTarget } from './deployment';
import { startEmulator, type Emulator } from './emulator';
import { callsEc2, startLocalEc2 } from './ec2/local-ec2';
import { LocalFaults } from './faults/fault-injector';
import { FailureLines } from './invocations/failure-lines';
import { InvocationObserver } from './invocations/observer';
import { readThrottles } from './invocations/throttles';
import { runPass } from './pass-run';
import { withoutMissingPrograms } from './programs';
import { findPython, installEmulator } from './python';
import { machineInfo } from './report';
import type { Run, RunResult } from './run';
import { StandIns } from './stand-ins';
import { StreamPollers } from './stream-poller/stream-pollers';
import { TaskRunner } from './tasks/task-runner';
import { takeSnapshot } from './watch/source-files';
import { watchSources } from './watch/watch-sources';

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

  const seen = takeSnapshot(workspace.root);
  const slugs = run.architectures.map(({ slug }) => slug);
  const scenarios = withoutMissingPrograms(run.scenarios, (text) => progress.line(text));
  const [first, ...others] = deploymentPasses(slugs, scenarios, options);
  const assembly = assemblyOf(workspace, first);
  const prepared = progress
    .phase('synthesize', (setDetail) => synthesize(run, first.overrides, assembly, setDetail))
    .then(async () => {
      const synthesized = synthesizedOf(run.architectures, assembly);
      return { synthesized, facts: await factsOfAll(workspace.root, synthesized) };
    });
  const [{ emulator, standIns }, { synthesized, facts }] = await Promise.all([
    startAndBootstrap(run, installed),
    prepared,
  ]);
  result.emulator = { name: 'MiniStack', version: emulator.version };
  result.architectures = describe(synthesized, first, facts);

  const { endpoint, temporaryFolder } = emulator;
  const databases = new Databases({ workspace, children, endpoint, temporaryFolder });
  const streamPollers = new StreamPollers({ workspace, children, endpoint, temporaryFolder });
  const tasks = new TaskRunner({ workspace, children, emulator });
  const failureLines = new FailureLines(progress.display);
  const observer = new InvocationObserver(
    workspace.faults,
    (failure) => failureLines.print(failure),
    (since) => readThrottles(new CloudWatchClient(clientSettings(endpoint, workspace.certificate)), since),
  );
  const target: DeploymentTarget = { emulator, databases, streamPollers, tasks, observer };
  const ids = run.architectures.map(({ id }) => id);
  const calls = new CallRecord(workspace, endpoint, ids);
  let passed = false;
  try {
    if (synthesized.some(({ template }) => callsEc2(template))) {
      await progress.phase('ec2 proxy', () => startLocalEc2(run, emulator));
    }
    await localizeAndDeploy(run, target, first, result);
    result.architectures = describe(synthesized, first, facts, readOutputs(workspace));
    writeEnvironmentFile(workspace, emulator.connection);
    await calls.learnNames();
    connectProcess(emulator.connection);
    const faults = LocalFaults.of(workspace, emulator, {
      database: () => databases.current?.control,
      streamPoller: () => streamPollers.control,
      standIns,
      tasks,
    });
    const environment = { scenarios, faults, observer, target: endpoint };
    passed = await runPass(run, first, environment, result);
    const deployAgain = async (again: Run, pass: DeploymentPass): Promise<void> => {
      await again.progress.phase(titleOf(pass, 'synthesize'), (tell) =>
        synthesize(run, pass.overrides, assemblyOf(workspace, pass), tell),
      );
      await localizeAndDeploy(again, target, pass, result);
      await calls.learnNames();
    };
    for (const pass of others) {
      await deployAgain(run, pass);
      passed = (await runPass(run, pass, environment, result)) && passed;
    }
    if (options.watch) {
      const deploy = async (again: Run): Promise<void> => {
        await deployAgain(again, first);
        const now = synthesizedOf(run.architectures, assembly);
        result.architectures = describe(now, first, await factsOfAll(workspace.root, now), readOutputs(workspace));
      };
      const watch = { run, pass: first, emulator, environment, failureLines, python: installed, seen, deploy };
      await watchSources(watch, result, passed);
    }
  } finally {
    result.functions = await observer.statistics(0);
    observer.close();
    standIns.close();
    tasks.close();
    // A soak does ordinary work alone, which does not need every permission.
    const proved = options.prove && options.soak === undefined;
    const complete = passed && proved && options.only.length === 0;
    addPermissions(result.architectures, workspace.root, synthesized, calls.write(proved), complete);
  }
  const violations = calls.violations();
  for (const violation of violations) progress.line(`✗ AWS would refuse a request: ${violation}`);
  return passed && violations.length === 0;
}

async function startAndBootstrap(run: Run, python: string): Promise<{ emulator: Emulator; standIns: StandIns }> {
  const { workspace, children, progress, checkout } = run;
  for (const folder of [workspace.faults, workspace.callers]) rmSync(folder, { recursive: true, force: true });
  ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
  bundleRuntime(workspace);
  writeServiceModels(workspace);
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'local-run-'));
  checkout.update({ temporaryFolder });
  const standIns = await StandIns.open(workspace);
  const emulator = await progress.phase('emulator', () =>
    startEmulator({ workspace, children, python, temporaryFolder, standIns: standIns.connection }),
  );
  standIns.connect(emulator, { workspace, python });
  await progress.phase('bootstrap', (setDetail) => bootstrap(run, emulator.connection, setDetail));
  return { emulator, standIns };
}
