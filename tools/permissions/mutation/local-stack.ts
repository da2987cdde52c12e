import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProcesses } from '../../local/child-processes';
import { connectionVariables } from '../../local/connection';
import type { FaultControl } from '../../local/faults/fault-control';
import { offerFaults } from '../../local/faults/offer-faults';
import { readRunRecord } from '../../local/run-record';
import { runScenarios } from '../../local/scenario-run';
import type { Workspace } from '../../local/workspace';
import { loadScenario } from '../../scenario-runner/discovery';
import type { Scenario } from '../../../scenarios/shared/scenario';
import type { CheckOutcome } from './outcome';

/** Time to start and end a scenario's process, in seconds. */
const processOverhead = 10;

/** Architectures deployed on the emulator, with the settings of their scenarios. */
export class LocalStack {
  private readonly children = new ChildProcesses(`mutation-${process.pid}`, () => undefined);

  private isEnding = false;

  private constructor(
    private readonly workspace: Workspace,
    readonly endpoint: string,
    readonly scenarios: readonly Scenario[],
    private readonly seed: string | undefined,
    private readonly faults: FaultControl,
  ) {}

  /** Deploys the architectures and runs their smoke tests, as `npm run local -- --keep` does. */
  static async start(workspace: Workspace, slugs: readonly string[], seed: string | undefined): Promise<LocalStack> {
    const scenarios = await Promise.all(slugs.map((slug) => loadScenario(join(workspace.root, 'scenarios'), slug)));
    const settings = scenarios.flatMap(({ slug, settings: own }) =>
      own === undefined ? [] : ['--set', `${slug}=${JSON.stringify(own)}`],
    );
    const given = seed === undefined ? [] : ['--seed', seed];
    runLocal(workspace, [...slugs, '--keep', ...settings, ...given]);
    // A stack whose smoke test failed is kept too; that check is then ignored, unless it passes at its next attempt.
    if (readRunRecord(workspace.runRecord)?.kept !== true) {
      throw new Error('no stack is running: see the messages of the local run above');
    }
    const endpoint = /^export AWS_ENDPOINT_URL='(.*)'$/m.exec(readFileSync(workspace.environmentFile, 'utf8'))?.[1];
    if (endpoint === undefined) throw new Error(`${workspace.environmentFile} has no AWS_ENDPOINT_URL`);
    return new LocalStack(workspace, endpoint, scenarios, seed, await offerFaults(workspace, endpoint));
  }

  /**
   * Runs one check of an architecture.
   *
   * @param withinSeconds limit for the check itself; then it is ended, which is a failure
   * @param withFaults whether it may inject faults: a function whose calls go through a proxy already cannot have another
   */
  async check(slug: string, name: string, withinSeconds = 300, withFaults = true): Promise<CheckOutcome> {
    const { workspace, scenarios, seed, endpoint } = this;
    const isSmokeTest = scenarios.some((one) => one.slug === slug && one.smokeTest.name === name);
    const own: Workspace = {
      ...workspace,
      scenarioReport: join(workspace.folder, 'mutation', `${slug}.json`),
      log: (part) => join(workspace.folder, 'mutation', `${slug}-${part}.log`),
    };
    const faults = withFaults ? this.faults.url : undefined;
    const choice = { slugs: [slug], prove: !isSmokeTest, only: [name], seed, faults };
    const connection = connectionVariables(endpoint, workspace.certificate);
    const limit = Math.ceil(withinSeconds + processOverhead);
    const { report, failure } = await runScenarios(own, this.children, connection, choice, () => undefined, limit);
    // The result of a check that was ended is ignored.
    if (this.isEnding) throw new Error('the checks were ended');
    const check = report?.checks[0];
    if (failure !== undefined) {
      return { status: 'failed', seconds: withinSeconds, why: `timed out after ${limit} s` };
    }
    if (check === undefined) throw new Error(`${slug} has no check ${name}, or it wrote no report`);
    const { status, seconds, error } = check;
    return { status, seconds, why: error?.message.split('\n')[0] ?? '' };
  }

  /** Ends the running check. */
  async endChecks(): Promise<void> {
    this.isEnding = true;
    await this.children.endAll();
  }

  /** Stops the local run. */
  stop(): void {
    this.faults.stop();
    runLocal(this.workspace, ['--stop']);
  }
}

function runLocal({ root }: Workspace, options: readonly string[]): void {
  const command = ['--import', 'tsx', join(root, 'tools', 'local', 'main.ts'), ...options];
  spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
}
