import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../operations/command-line/command';
import { typed } from '../../operations/command-line/typed';
import { describeRemains } from '../../operations/purge/purge';
import { deployedStack } from '../../operations/purge/stack-resources';
import { factsOfAll } from '../local/architecture-facts';
import { synthesizedOf } from '../local/architecture-reports';
import { ChildProcesses } from '../local/child-processes';
import { Assembly } from '../local/localize/assembly';
import { loadScenario } from '../scenario-runner/discovery';
import type { Progress } from '../scenario-runner/progress';
import { announcement } from './announcement';
import { checkBootstrap, concurrencyLimit, connect, type Account } from './account';
import { neededBootstrap, synthesize, type CdkRun } from './cdk';
import { runAccountChecks } from './checks';
import { checksOf, type AccountOptions } from './command-line';
import { deployStack } from './deploy-stack';
import { functionFigures } from './function-figures';
import { writeAccountReport, type DeployedApp } from './report';
import { RunFolder } from './run-folder';
import { destroyStack, settledStack, type StackWait } from './stack';

export interface RunEnvironment {
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal;
}

/** @returns exit code */
export async function runInAccount(root: string, options: AccountOptions, run: RunEnvironment): Promise<number> {
  const { architecture } = options;
  const scenario = await loadScenario(join(root, 'scenarios'), architecture.slug);
  const { checks, leftOut } = checksOf(scenario, options.only);
  const account = await connect(options.profile, process.env);
  const name = `${account.account}-${account.region}-${architecture.slug}`;
  const work = new AccountRun(root, options, run, account, new RunFolder(join(root, '.local', 'account', name)));
  if (options.destroy) return work.destroyOnly();
  const app = await work.prepare(scenario.settings ?? {});
  const variants = (scenario.variants ?? []).map((one) => one.name);
  await work.announce(app, { leftOut, variants });
  return work.guarded(async () => {
    await work.deploy(app);
    return work.checkAndRemove(app, { scenario, checks });
  });
}

class AccountRun {
  private readonly startedAt = Date.now();
  private readonly cdk: CdkRun;
  private readonly stack: string;
  private assembly = '';

  constructor(
    root: string,
    private readonly options: AccountOptions,
    private readonly run: RunEnvironment,
    private readonly account: Account,
    private readonly folder: RunFolder,
  ) {
    this.stack = options.architecture.id;
    const children = new ChildProcesses(`account-${process.pid}`, () => undefined);
    run.stop.addEventListener('abort', () => void children.endAll());
    this.cdk = { root, folder, children };
  }

  private get wait(): StackWait {
    return { signal: this.run.stop, say: (line) => this.run.progress.line(line) };
  }

  /** Synthesizes, and describes what would be deployed. */
  async prepare(settings: DeployedApp['settings']): Promise<DeployedApp> {
    const { app, architecture } = this.options;
    const used = app === undefined ? settings : {};
    this.assembly =
      app ??
      (await this.run.progress.phase('synthesize', (tell) => synthesize(this.cdk, architecture.slug, used, tell)));
    const [synthesized] = synthesizedOf([architecture], this.assembly);
    if (synthesized === undefined) throw new Error(`${this.assembly} has no stack ${this.stack}`);
    const facts = (await factsOfAll(this.cdk.root, [synthesized])).get(architecture.slug) ?? {};
    return { synthesized, facts, settings: used };
  }

  /** Says where and what is deployed, what it costs and what to expect, and asks. */
  async announce(
    { synthesized, facts, settings }: DeployedApp,
    about: { readonly leftOut: number; readonly variants: readonly string[] },
  ): Promise<void> {
    const { account, stack } = this;
    await checkBootstrap(account, neededBootstrap(this.assembly, stack));
    const deployed = await settledStack(account, stack, this.wait);
    const isOwn = deployed === undefined || this.folder.isOwn(deployed);
    const lines = announcement(
      { account, stack, status: deployed?.StackStatus, template: synthesized.template, settings },
      { ...about, concurrency: await concurrencyLimit(), keep: this.options.keep, month: facts.cost?.fixed ?? 0 },
    );
    for (const line of lines) this.run.progress.line(line);
    if (!isOwn && !this.options.keep) {
      throw new UsageError(
        `${stack} was not deployed by this command, which would destroy it with its data: add --keep`,
      );
    }
    if (!this.options.yes && !(await this.confirm('Deploy? (yes/no) ', 'yes')))
      throw new UsageError('nothing was deployed');
    if (deployed === undefined || !isOwn) this.folder.end();
    if (isOwn)
      this.folder.begin(this.startedAt, Assembly.read(this.assembly).stacks.find((one) => one.id === stack)?.template);
  }

  async deploy({ synthesized }: DeployedApp): Promise<void> {
    const { account, stack, folder, wait } = this;
    const deployment = { account, stack, folder, cdk: this.cdk, assembly: this.assembly, slug: synthesized.slug };
    await this.run.progress.phase(`deploy ${synthesized.slug}`, (tell) =>
      deployStack(deployment, { ...wait, onStatus: tell }, tell),
    );
  }

  async checkAndRemove(
    app: DeployedApp,
    what: Pick<Parameters<typeof runAccountChecks>[0], 'scenario' | 'checks'>,
  ): Promise<number> {
    const { account, stack, folder, options, wait } = this;
    const deployed = await settledStack(account, stack, wait);
    const stackId = deployed?.StackId ?? '';
    folder.own(stackId);
    const outputs = Object.fromEntries(
      (deployed?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
    const target = `AWS account ${account.account}, ${account.region}`;
    const { progress, stop } = this.run;
    const { seed } = options;
    const reconnect = () => settledStack(account, stack, wait);
    const environment = { seed, progress, stop, startedAt: this.startedAt };
    const scenarios = await progress.phase(
      'checks',
      () => runAccountChecks({ ...what, outputs, target, folder, reconnect }, environment),
      { hasFailed: (report) => report === undefined || report.failed > 0 },
    );
    stop.throwIfAborted();
    const since = folder.record?.startedAt ?? this.startedAt;
    const functions = await functionFigures(account, Assembly.read(this.assembly), stackId, stack, since);
    const result = { startedAt: since, outputs, functions, scenarios, phases: progress.phases, failure: undefined };
    const page = writeAccountReport(folder, account, app, result);
    if (options.keep) progress.line(`${stack} stays deployed: ${this.removal} removes it`);
    else await this.remove();
    const { passed = 0, failed = 0 } = scenarios ?? {};
    progress.line(`${passed} passed, ${failed} failed (seed ${seed})`);
    progress.line(`report: ${page}`);
    return scenarios !== undefined && failed === 0 ? 0 : 1;
  }

  async destroyOnly(): Promise<number> {
    const { account, stack } = this;
    const deployed = await settledStack(account, stack, this.wait);
    const isOwn = deployed === undefined || this.folder.isOwn(deployed);
    this.run.progress.line(`account ${account.account} in ${account.region}: destroys ${stack} with all its data`);
    if (!isOwn && this.options.yes) {
      throw new UsageError(`${stack} was not deployed by this command: leave --yes out, and type its name`);
    }
    if (!this.options.yes && !(await this.confirm(`Type ${stack} to destroy it: `, stack))) {
      throw new UsageError('nothing was destroyed');
    }
    return this.guarded(async () => {
      await this.remove();
      return 0;
    });
  }

  private async remove(): Promise<void> {
    const { account, stack, wait } = this;
    const remains = await this.run.progress.phase(`destroy ${stack}`, (tell) =>
      destroyStack(account, stack, { ...wait, onStatus: tell }, this.folder.record?.stackId),
    );
    for (const line of describeRemains(remains)) this.run.progress.line(line);
    this.folder.end();
  }

  private get removal(): string {
    return this.command(' --destroy');
  }

  private command(option: string): string {
    const { architecture, profile, app } = this.options;
    const same = [profile === undefined ? '' : ` --profile ${profile}`, app === undefined ? '' : ` --app ${app}`];
    return `npm run account -- ${architecture.slug}${option}${same.join('')}`;
  }

  /** Runs the part that changes the account; what fails or is stopped says what is still there. */
  async guarded(act: () => Promise<number>): Promise<number> {
    try {
      return await act();
    } catch (error) {
      const { progress, stop } = this.run;
      // A command that Ctrl-C has ended fails with its last lines.
      const reason = (stop.aborted ? stop.reason : error) as unknown;
      progress.line(
        progress.display.colors.red(`failed: ${reason instanceof Error ? reason.message : String(reason)}`),
      );
      const found = deployedStack(this.account.cloudFormation, this.stack).catch(() => 'unknown' as const);
      const stack = await Promise.race([found, sleep(5_000, 'unknown' as const)]);
      if (stack !== 'unknown' && stack?.StackId !== undefined) this.folder.own(stack.StackId);
      const status = stack === 'unknown' ? 'may still be deployed' : `has the status ${stack?.StackStatus ?? ''}`;
      progress.line(stack === undefined ? `${this.stack} is not deployed` : `${this.stack} ${status}, and is billed`);
      progress.line(`go on: ${this.command('')}`);
      progress.line(`remove everything: ${this.removal}`);
      return 1;
    } finally {
      await this.cdk.children.endAll();
    }
  }

  private async confirm(question: string, expected: string): Promise<boolean> {
    if (!process.stdin.isTTY) throw new UsageError('there is no terminal to ask on: add --yes');
    return typed(question, expected, this.run.stop);
  }
}
