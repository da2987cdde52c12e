import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { architectures } from '../../../lib/architectures';
import type { BundleVariables } from '../../../lib/bundling/bundle-options';
import { clientSettings } from '../client-settings';
import type { DeploymentPass } from '../deployment-passes';
import type { Emulator } from '../emulator';
import { Assembly } from '../localize/assembly';
import type { Run } from '../run';
import { consequencesOf } from './consequences';
import { isOutdated, swapCode, swappableFunctions, type SwappableFunction } from './hot-swap';
import { BundleError, filesOfApp, HandlerBundles, type BundleFiles } from './source-bundles';

export interface WatchedDeployment {
  readonly pass: DeploymentPass;
  readonly emulator: Emulator;
  /** Python of the virtual environment. */
  readonly python: string;
  /** Synthesizes and deploys the app again. */
  readonly deploy: (run: Run) => Promise<void>;
}

/** Deployed stacks of a watch; each change is deployed by the fastest way that suffices. */
export class WatchedStack {
  private bundles: HandlerBundles | undefined;
  private appFiles: ReadonlySet<string> | undefined;
  /** Handlers whose code was replaced since the last deployment. */
  private readonly replaced = new Set<string>();
  /** Changes that could not be deployed yet, because of an error in a source. */
  private pending: readonly string[] = [];

  constructor(private readonly deployment: WatchedDeployment) {}

  /** Bundles all handlers, so that the first change takes no longer than others. */
  async prepare({ workspace: { root } }: Run): Promise<void> {
    try {
      this.appFiles = await filesOfApp(root);
      await this.bundlesOf(root).build();
    } catch (error) {
      // Saved since the deployment: it is among the first changes, which report it.
      if (!(error instanceof BundleError)) throw error;
    }
  }

  /** Deploys what changed; returns the architectures whose checks the changes concern. */
  async update(run: Run, changes: readonly string[]): Promise<ReadonlySet<string> | 'all'> {
    this.pending = [...this.pending, ...changes];
    this.appFiles ??= await filesOfApp(run.workspace.root);
    const slugs = architectures.map(({ slug }) => slug);
    const { template, handlers, checks } = consequencesOf(this.pending, this.appFiles, slugs);
    if (template[0] !== undefined) await this.deploy(run, template[0]);
    const replaced = template.length === 0 && handlers ? await this.replaceCode(run) : [];
    this.pending = [];
    if (template.length > 0 || checks === 'all') return 'all';
    return new Set([...checks, ...replaced.map(({ slug }) => slug)]);
  }

  /** Frees the bundler, whose process otherwise ends with a page of errors. */
  async close(): Promise<void> {
    await this.bundles?.close();
    this.bundles = undefined;
  }

  private async deploy(run: Run, reason: string): Promise<void> {
    run.progress.line(`${reason} is part of the template: deploying with CloudFormation`);
    // A syntax error is one line here, and a page of output in a synthesis.
    this.appFiles = await filesOfApp(run.workspace.root);
    await this.close();
    await this.deployment.deploy(run);
    // CloudFormation does not update a function whose template has the code of the deployment before.
    if (this.replaced.size > 0) await this.replaceCode(run, new Set(this.replaced));
    this.replaced.clear();
  }

  /** @param also handlers whose functions are replaced even if their folder in the localized assembly is up to date */
  private async replaceCode(run: Run, also: ReadonlySet<string> = new Set()): Promise<SwappableFunction[]> {
    const { workspace, children, progress, architectures: deployed } = run;
    const { emulator, python } = this.deployment;
    const started = Date.now();
    const bundles = await this.bundlesOf(workspace.root).build();
    const bundleOf = ({ handler }: SwappableFunction): BundleFiles => bundles.get(handler) ?? new Map();
    const localized = Assembly.read(workspace.localizedAssembly);
    const ids = deployed.map(({ id }) => id);
    const functions = swappableFunctions(localized, ids, [...bundles.keys()]);
    const outdated = functions.filter((one) => also.has(one.handler) || isOutdated(one, bundleOf(one)));
    if (outdated.length === 0) return [];
    const bundled = ((Date.now() - started) / 1000).toFixed(1);
    const names = outdated.map(({ name }) => name).join(', ');
    const { endpoint, temporaryFolder } = emulator;
    const settings = clientSettings(endpoint, workspace.certificate);
    const swap = { workspace, children, python, settings, temporaryFolder };
    await progress.phase('replace code', () => Promise.all(outdated.map((one) => swapCode(swap, one, bundleOf(one)))), {
      summary: () => `replaced the code of ${names}, bundled in ${bundled} s`,
    });
    for (const { handler } of outdated) this.replaced.add(handler);
    return outdated;
  }

  private bundlesOf(root: string): HandlerBundles {
    const { pass } = this.deployment;
    return (this.bundles ??= HandlerBundles.of(root, pass.slugs, variablesOf(root, pass)));
  }
}

const cdkFileSchema = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

/** Variables that are constants in the bundles of a deployment. */
function variablesOf(root: string, { overrides }: DeploymentPass): BundleVariables {
  const { context } = cdkFileSchema.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')));
  const settings = Object.fromEntries(overrides.map(({ slug, json }) => [slug, json]));
  const variables = architectures.map((one) => one.bundleVariables({ ...context, ...settings }));
  return Object.assign({}, ...variables) as BundleVariables;
}
