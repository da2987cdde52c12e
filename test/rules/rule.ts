import type { Stage } from '../../lib/config';

export { asArray, references } from '../../tools/template/template';

/** Resource of a template; its properties are untyped JSON. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Json;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export type Json = { readonly [key: string]: unknown };

/** Template of one architecture in one stage. */
export interface Subject {
  readonly id: string;
  readonly slug: string;
  readonly stage: Stage;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: ReadonlyMap<string, unknown>;
}

/** Promise that every template keeps and that no public rule pack checks. */
export interface Rule {
  readonly promise: string;
  /** Returns a sentence for each breach, with the name of the resource; none if the promise is kept. */
  readonly breaches: (subject: Subject) => string[] | Promise<string[]>;
}

/** Resources of the given types with logical id and properties. */
export function ofType(subject: Subject, ...types: string[]): { id: string; properties: Json; resource: Resource }[] {
  return [...subject.resources]
    .filter(([, resource]) => types.includes(resource.Type))
    .map(([id, resource]) => ({ id, resource, properties: resource.Properties ?? {} }));
}

/** Value at a path of keys, or undefined. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

/** Whether CDK added it for itself, which the rules exempt: providers that empty buckets and default security groups. */
export function isCdkProvider(id: string): boolean {
  return /^Custom(S3AutoDeleteObjects|VpcRestrictDefaultSG)/.test(id);
}
