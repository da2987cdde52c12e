import { UsageError } from '../../operations/command-line/command';
import type { Scenario, Settings } from '../../scenarios/shared/scenario';
import type { Override } from './cdk';
import type { RunOptions } from './command-line';

/** One deployment of the app with the checks that run against it. */
export interface DeploymentPass {
  /** Settings that replace the stacks' defaults. */
  readonly overrides: readonly Override[];
  readonly slugs: readonly string[];
  readonly only: readonly string[];
  /** Variant names by architecture; absent in the first pass, which deploys all architectures. */
  readonly variants?: Readonly<Record<string, string>>;
}

type PassOptions = Pick<RunOptions, 'prove' | 'soak' | 'only' | 'overrides'>;

/**
 * Deployments of a run, in order: all architectures, then, with proofs, the first variant of each that has one, then the
 * second; a soak has the first pass only.
 *
 * Settings of the command line override those of a scenario. A pass whose checks `only` excludes is left out.
 */
export function deploymentPasses(
  slugs: readonly string[],
  scenarios: readonly Scenario[],
  options: PassOptions,
): [DeploymentPass, ...DeploymentPass[]] {
  if (!options.prove) return [{ overrides: options.overrides, slugs, only: options.only }];
  const variants = options.soak === undefined ? variantPasses(scenarios, options) : [];
  const first = {
    overrides: scenarios.flatMap((scenario) => settingsFor(scenario, options)),
    slugs,
    only: options.only.filter((name) => !variants.some(({ only }) => only.includes(name))),
  };
  if (options.only.length === 0) return [first, ...variants];
  const [chosen, ...others] = [first, ...variants].filter(({ only }) => only.length > 0);
  return [chosen ?? first, ...others];
}

/** @throws UsageError where a watch would need more than one deployment */
export function checkWatch(
  architectures: readonly { readonly slug: string }[],
  scenarios: readonly Scenario[],
  options: PassOptions & Pick<RunOptions, 'watch'>,
): void {
  if (!options.watch) return;
  const slugs = architectures.map(({ slug }) => slug);
  const [, another] = deploymentPasses(slugs, scenarios, options);
  if (another === undefined) return;
  const names = Object.entries(another.variants ?? {}).map(([slug, name]) => `${name} of ${slug}`);
  throw new UsageError(
    `--watch: these proofs need a second deployment (${names.join(', ')}): name proofs of one with --only`,
  );
}

function variantPasses(scenarios: readonly Scenario[], options: PassOptions): DeploymentPass[] {
  const passes: DeploymentPass[] = [];
  for (const scenario of scenarios) {
    const { slug, variants = [] } = scenario;
    const wanted = variants
      .map((variant) => ({
        variant,
        only: options.only.filter((name) => variant.proofs.some((one) => one.name === name)),
      }))
      .filter(({ only }) => options.only.length === 0 || only.length > 0);
    for (const [index, { variant, only }] of wanted.entries()) {
      const before = passes[index];
      passes[index] = {
        overrides: [...(before?.overrides ?? []), ...settingsFor(scenario, options, variant.settings)],
        slugs: [...(before?.slugs ?? []), slug],
        only: [...(before?.only ?? []), ...only],
        variants: { ...before?.variants, [slug]: variant.name },
      };
    }
  }
  return passes;
}

/** Title of a phase: `deploy fifo mysql`. */
export function titleOf({ variants = {} }: DeploymentPass, what: string): string {
  return [what, ...Object.values(variants)].join(' ');
}

function settingsFor({ slug, settings }: Scenario, { overrides }: PassOptions, ofVariant: Settings = {}): Override[] {
  const given = overrides.filter((one) => one.slug === slug).map(({ json }) => JSON.parse(json) as Settings);
  const merged: Settings = Object.assign({}, settings, ofVariant, ...given) as Settings;
  return Object.keys(merged).length === 0 ? [] : [{ slug, json: JSON.stringify(merged) }];
}
