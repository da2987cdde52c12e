import type { Scenario, Settings } from '../../scenarios/shared/scenario';
import type { Override } from './cdk';
import type { RunOptions } from './command-line';

/** One deployment of the app, and what is run against it. */
export interface DeploymentPass {
  /** Settings in place of the stacks' defaults. */
  readonly overrides: readonly Override[];
  readonly slugs: readonly string[];
  readonly only: readonly string[];
  /** Names by architecture; absent in the first pass, which has them all as they are. */
  readonly variants?: Readonly<Record<string, string>>;
}

type Asked = Pick<RunOptions, 'prove' | 'soak' | 'only' | 'overrides'>;

/**
 * What a run deploys, and what it runs each time: first all architectures, then, to prove them, the first variant of each
 * that has one, then the second; a soak stays with the first.
 *
 * Settings of the command line come before those that a scenario is proved with. Nothing is deployed again for checks that
 * `only` leaves out.
 */
export function deploymentPasses(
  slugs: readonly string[],
  scenarios: readonly Scenario[],
  asked: Asked,
): [DeploymentPass, ...DeploymentPass[]] {
  if (!asked.prove) return [{ overrides: asked.overrides, slugs, only: asked.only }];
  const variants = asked.soak === undefined ? variantPasses(scenarios, asked) : [];
  const first = {
    overrides: scenarios.flatMap((scenario) => settle(scenario, asked)),
    slugs,
    only: asked.only.filter((name) => !variants.some(({ only }) => only.includes(name))),
  };
  if (asked.only.length === 0) return [first, ...variants];
  const [chosen, ...others] = [first, ...variants].filter(({ only }) => only.length > 0);
  return [chosen ?? first, ...others];
}

function variantPasses(scenarios: readonly Scenario[], asked: Asked): DeploymentPass[] {
  const passes: DeploymentPass[] = [];
  for (const scenario of scenarios) {
    const { slug, variants = [] } = scenario;
    const wanted = variants
      .map((variant) => ({
        variant,
        only: asked.only.filter((name) => variant.proofs.some((one) => one.name === name)),
      }))
      .filter(({ only }) => asked.only.length === 0 || only.length > 0);
    for (const [index, { variant, only }] of wanted.entries()) {
      const before = passes[index];
      passes[index] = {
        overrides: [...(before?.overrides ?? []), ...settle(scenario, asked, variant.settings)],
        slugs: [...(before?.slugs ?? []), slug],
        only: [...(before?.only ?? []), ...only],
        variants: { ...before?.variants, [slug]: variant.name },
      };
    }
  }
  return passes;
}

/** As it is told: `fifo and mysql`. */
export function titleOf({ variants = {} }: DeploymentPass, what: string): string {
  return [what, ...Object.values(variants)].join(' ');
}

function settle({ slug, settings }: Scenario, { overrides }: Asked, ofVariant: Settings = {}): Override[] {
  const given = overrides.filter((one) => one.slug === slug).map(({ json }) => JSON.parse(json) as Settings);
  const merged: Settings = Object.assign({}, settings, ofVariant, ...given) as Settings;
  return Object.keys(merged).length === 0 ? [] : [{ slug, json: JSON.stringify(merged) }];
}
