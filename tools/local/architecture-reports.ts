import { z } from 'zod';
import { permissionsOf, type Facts, type Synthesized } from './architecture-facts';
import type { GatheredCalls } from './calls/gather';
import type { StackOutputs } from './deployment';
import { limitsOf } from './limits';
import type { RegisteredArchitecture } from './run';
import { Assembly } from './localize/assembly';
import type { DeploymentPass } from './deployment-passes';
import type { ArchitectureReport } from './run-report';

/** Architecture of the run as synthesized for AWS. */
export interface SynthesizedArchitecture extends Synthesized, RegisteredArchitecture {
  readonly limits: ArchitectureReport['limits'];
}

/** @param assembly folder that `cdk synth` wrote */
export function synthesizedOf(
  architectures: readonly RegisteredArchitecture[],
  assembly: string,
): SynthesizedArchitecture[] {
  const { stacks } = Assembly.read(assembly);
  return architectures.map((architecture) => {
    const template = stacks.find((stack) => stack.id === architecture.id)?.template;
    if (template === undefined) {
      throw new Error(`the app has no stack '${architecture.id}', which the registry lists`);
    }
    return { ...architecture, template, limits: limitsOf(template) };
  });
}

/** Architectures of the report before any check has run. */
export function describe(
  synthesized: readonly SynthesizedArchitecture[],
  pass: DeploymentPass,
  facts: ReadonlyMap<string, Facts>,
  outputs: StackOutputs = {},
): ArchitectureReport[] {
  return synthesized.map(({ id, slug, flow, limits }) => ({
    ...{ id, slug, flow, limits, outputs: outputs[id] ?? {} },
    ...{ overrides: overridesOf(pass, slug), variants: [], ...facts.get(slug) },
  }));
}

/** Adds the permissions to each architecture; where they cannot be determined, the reason under `unknown`. */
export function addPermissions(
  reports: readonly ArchitectureReport[],
  root: string,
  synthesized: readonly SynthesizedArchitecture[],
  gathered: GatheredCalls,
  complete: boolean,
): void {
  for (const report of reports) {
    const checked = synthesized.find(({ id }) => id === report.id);
    if (checked === undefined) continue;
    try {
      report.permissions = permissionsOf(root, checked, gathered, complete);
    } catch (error) {
      report.unknown = [...(report.unknown ?? []), `the permissions: ${String(error)}`];
    }
  }
}

export function overridesOf({ overrides }: DeploymentPass, slug: string): ArchitectureReport['overrides'] {
  const override = overrides.find((one) => one.slug === slug);
  return z.record(z.string(), z.json()).parse(override === undefined ? {} : JSON.parse(override.json));
}
