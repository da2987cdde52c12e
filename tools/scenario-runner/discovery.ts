import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { slugOf } from '../../lib/stack-name';
import type { Scenario } from '../../scenarios/shared/scenario';
import { UsageError } from '../../operations/command-line/command';

/** Deployed stack with a scenario file. */
export interface DeployedArchitecture {
  readonly slug: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Finds the architectures in a file of `cdk deploy --outputs-file`: a stack's name is the slug in PascalCase, with the
 * suffix `-prod` in that stage.
 *
 * @param wanted slugs; empty for every deployed architecture that has a scenario file
 * @throws UsageError for a file of another format, a slug without a stack, and a slug that is deployed in two stages
 */
export function findDeployed(text: string, wanted: readonly string[], folder: string): DeployedArchitecture[] {
  const deployed = parseOutputs(text).filter(({ slug }) => existsSync(scenarioFile(folder, slug)));
  const slugs = deployed.map(({ slug }) => slug);
  const unknown = wanted.find((slug) => !slugs.includes(slug));
  if (unknown !== undefined) {
    const fix = slugs.length > 0 ? `use one of ${slugs.join(', ')}` : 'deploy a stack that has a scenario first';
    throw new UsageError(`'${unknown}' has no stack in the outputs file or no scenario file: ${fix}`);
  }
  const found = deployed.filter(({ slug }) => wanted.length === 0 || wanted.includes(slug));
  const twice = found.find(({ slug }) => slugs.indexOf(slug) !== slugs.lastIndexOf(slug));
  if (twice !== undefined) {
    throw new UsageError(
      `the outputs file has two stacks of '${twice.slug}', sandbox and prod: leave one of them in it`,
    );
  }
  if (found.length === 0) throw new UsageError('the outputs file has no stack with a scenario: deploy one first');
  return found;
}

/** @throws Error where the file's default export is not a scenario of that slug */
export async function loadScenario(folder: string, slug: string): Promise<Scenario> {
  return checkedScenario(slug, (await import(pathToFileURL(scenarioFile(folder, slug)).href)) as object);
}

/** @throws Error where the default export of a loaded module is not a scenario of that slug */
export function checkedScenario(slug: string, module: { readonly default?: unknown }): Scenario {
  const { default: scenario } = interop(module);
  if (!isScenario(scenario) || scenario.slug !== slug) {
    throw new Error(`scenarios/${slug}.ts must export a Scenario with the slug '${slug}' by default`);
  }
  const { smokeTest, proofs, variants = [] } = scenario;
  const names = [smokeTest, ...proofs, ...variants.flatMap((variant) => variant.proofs)].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`scenarios/${slug}.ts has two checks named '${twice}': rename one`);
  return scenario;
}

function parseOutputs(text: string): DeployedArchitecture[] {
  try {
    const stacks = outputsSchema.parse(JSON.parse(text));
    return Object.entries(stacks).map(([name, outputs]) => ({ slug: slugOf(name), outputs }));
  } catch {
    throw new UsageError(
      `the outputs file has no stacks with outputs (it begins with ${JSON.stringify(text.slice(0, 40))}): write it with cdk deploy --outputs-file`,
    );
  }
}

function scenarioFile(folder: string, slug: string): string {
  return path.join(folder, `${slug}.ts`);
}

/** `import()` of CommonJS nests the default export one level deeper. */
function interop(module: { default?: unknown }): { default?: unknown } {
  const inner = module.default;
  return typeof inner === 'object' && inner !== null && 'default' in inner ? inner : module;
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'slug' in value && 'smokeTest' in value && 'proofs' in value;
}
