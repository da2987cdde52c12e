import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { architectures } from '../../../lib/architectures';
import type { Scenario } from '../../../scenarios/shared/scenario';
import { connectProcess, readEnvironmentFile } from '../../local/connection';
import { readOutputs } from '../../local/deployment';
import { LocalFaults } from '../../local/faults/fault-injector';
import { deployedFunctions } from '../../local/invocations/deployed-functions';
import { InvocationObserver } from '../../local/invocations/observer';
import { Assembly } from '../../local/localize/assembly';
import { venvPython } from '../../local/python';
import { readRunRecord } from '../../local/run-record';
import { StandIns } from '../../local/stand-ins';
import type { Workspace } from '../../local/workspace';
import { loadScenario } from '../../scenario-runner/discovery';
import { Display } from '../../scenario-runner/display';
import { Progress } from '../../scenario-runner/progress';
import { readSeed } from '../../scenario-runner/random';
import { runCheck } from '../../scenario-runner/run-check';
import type { CheckOutcome } from './outcome';

/** Architectures deployed on the emulator, with the settings of their scenarios. */
export class LocalStack {
  private readonly ending = new AbortController();
  private readonly progress = new Progress(new Display({ write: () => true }));
  private readonly observer: InvocationObserver;

  private constructor(
    private readonly workspace: Workspace,
    private readonly endpoints: { readonly endpoint: string; readonly ec2Endpoint: string | undefined },
    readonly scenarios: readonly Scenario[],
    private readonly seed: number,
    private readonly standIns: StandIns,
  ) {
    this.observer = new InvocationObserver(workspace.faults, () => undefined);
    this.observer.observe(deployedFunctions(Assembly.read(workspace.localizedAssembly)));
  }

  /** Endpoint of the emulator. */
  get endpoint(): string {
    return this.endpoints.endpoint;
  }

  /** Deploys the architectures and runs their smoke tests, as `npm run local -- --keep` does. */
  static async start(
    workspace: Workspace,
    slugs: readonly string[],
    seedText: string | undefined,
  ): Promise<LocalStack> {
    const seed = readSeed(seedText);
    const scenarios = await Promise.all(slugs.map((slug) => loadScenario(join(workspace.root, 'scenarios'), slug)));
    const settings = scenarios.flatMap(({ slug, settings: own }) =>
      own === undefined ? [] : ['--set', `${slug}=${JSON.stringify(own)}`],
    );
    runLocal(workspace, [...slugs, '--keep', ...settings, '--seed', String(seed)]);
    // A stack whose smoke test failed is kept too; that check is then ignored, unless it passes at its next attempt.
    const { kept = false, temporaryFolder } = readRunRecord(workspace.runRecord) ?? {};
    if (!kept || temporaryFolder === undefined) {
      throw new Error('no stack is running: see the messages of the local run above');
    }
    const connection = readEnvironmentFile(workspace);
    const { AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_EC2: ec2Endpoint } = connection;
    if (endpoint === undefined) throw new Error(`${workspace.environmentFile} has no AWS_ENDPOINT_URL`);
    connectProcess(connection);
    // Those of the local run have ended with its process.
    const standIns = await StandIns.open(workspace, connection);
    standIns.connect({ endpoint, connection, temporaryFolder }, { workspace, python: venvPython(workspace) });
    return new LocalStack(workspace, { endpoint, ec2Endpoint }, scenarios, seed, standIns);
  }

  /**
   * Runs one check of an architecture.
   *
   * @param withinSeconds limit for the check itself; then it is ended, which is a failure
   * @param withFaults whether it may inject faults: a function whose calls go through a proxy already cannot have another
   */
  async check(slug: string, name: string, withinSeconds = 300, withFaults = true): Promise<CheckOutcome> {
    const { workspace, endpoints, seed, progress, observer, standIns } = this;
    const scenario = this.scenarios.find((one) => one.slug === slug);
    const isSmokeTest = scenario?.smokeTest.name === name;
    const check = isSmokeTest ? scenario.smokeTest : scenario?.proofs.find((proof) => proof.name === name);
    const id = architectures.find((one) => one.slug === slug)?.id ?? '';
    if (check === undefined) throw new Error(`${slug} has no check ${name}`);
    const limit = new AbortController();
    const reason = new Error(`timed out after ${withinSeconds} s`);
    void sleep(withinSeconds * 1_000, undefined, { ref: false }).then(() => limit.abort(reason));
    const environment = {
      ...{ seed, progress, observer, startedAt: Date.now() },
      stop: AbortSignal.any([this.ending.signal, limit.signal]),
      ...(withFaults ? { faults: LocalFaults.of(workspace, endpoints, { standIns }) } : {}),
    };
    const outputs = readOutputs(workspace)[id] ?? {};
    const { report } = await runCheck(
      { slug, kind: isSmokeTest ? 'smoke-test' : 'proof', check, outputs },
      environment,
    );
    // The result of a check that was ended is ignored.
    if (this.ending.signal.aborted) throw new Error('the checks were ended');
    return { status: report.status, seconds: report.seconds, why: report.error?.message.split('\n')[0] ?? '' };
  }

  /** Ends what a check that was cut off has left, with all permissions. */
  async recover(slug: string): Promise<void> {
    this.standIns.endAllBuilds();
    const id = architectures.find((one) => one.slug === slug)?.id ?? '';
    await this.scenarios.find((one) => one.slug === slug)?.recover?.(readOutputs(this.workspace)[id] ?? {});
  }

  /** Ends the running check. */
  endChecks(): void {
    this.ending.abort(new Error('stopped'));
  }

  /** Stops the local run. */
  stop(): void {
    this.observer.close();
    this.standIns.close();
    runLocal(this.workspace, ['--stop']);
  }
}

function runLocal({ root }: Workspace, options: readonly string[]): void {
  const command = ['--import', 'tsx', join(root, 'tools', 'local', 'main.ts'), ...options];
  spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
}
