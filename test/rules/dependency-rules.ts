import { asArray, references, type Resource, type Rule } from './rule';

/**
 * Ids that CloudFormation wants first: those of references and of `DependsOn`. Those in the update policy of an alias count too,
 * and are checked by neither CDK nor the emulator: https://github.com/aws/aws-cdk/issues/2231
 */
function requirements(resource: Resource & { readonly UpdatePolicy?: unknown }): string[] {
  const { Properties, DependsOn, UpdatePolicy } = resource;
  return [...references([Properties, UpdatePolicy]), ...asArray(DependsOn).map(String)];
}

/** Resources that require each other in a circle: what is left after all whose requirements are met were taken away. */
function circle(resources: ReadonlyMap<string, Resource>): string[] {
  const left = new Map([...resources].map(([id, resource]) => [id, requirements(resource)]));
  const isEnd = (all: readonly string[]): boolean => !all.some((id) => left.has(id));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [id, all] of left) if (isEnd(all)) left.delete(id);
  }
  // Those that nobody in the circle requires only hang on it.
  for (let before = -1; before !== left.size;) {
    before = left.size;
    const required = new Set([...left.values()].flat());
    for (const id of left.keys()) if (!required.has(id)) left.delete(id);
  }
  return [...left.keys()];
}

export const dependencyRules: readonly Rule[] = [
  {
    promise: 'no resource requires itself by way of others',
    breaches: ({ resources }) => {
      const ids = circle(resources);
      return ids.length === 0 ? [] : [`${ids.join(', ')} require each other: CloudFormation refuses the template`];
    },
  },
];
