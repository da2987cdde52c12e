import type { Stage } from '../../lib/config';

export { asArray, references } from '../../tools/template/template';

/** A CloudFormation resource as a template holds it; properties are read as untyped JSON. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Json;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export type Json = { readonly [key: string]: unknown };

/** What a rule looks at: one architecture's template in one stage. */
export interface Subject {
  readonly id: string;
  readonly slug: string;
  readonly stage: Stage;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: ReadonlyMap<string, unknown>;
}

/** A promise that every template keeps and that no public rule pack checks. */
export interface Rule {
  readonly promise: string;
  /** The breaches, one sentence each, which name the resource; none where the promise is kept. */
  readonly breaches: (subject: Subject) => string[];
}

/** The resources of one type, each with its logical id and its properties. */
export function ofType(subject: Subject, ...types: string[]): { id: string; properties: Json; resource: Resource }[] {
  return [...subject.resources]
    .filter(([, resource]) => types.includes(resource.Type))
    .map(([id, resource]) => ({ id, resource, properties: resource.Properties ?? {} }));
}

/** The value at a path of keys, or undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

/** What CDK brings along for itself, the one exception to our own rules: providers that empty buckets and default groups. */
export function isCdkProvider(id: string): boolean {
  return /^Custom(S3AutoDeleteObjects|VpcRestrictDefaultSG)/.test(id);
}
