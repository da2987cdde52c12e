/** A resource as CloudFormation's JSON has it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** The path below the stack as the code has it: `ResizeImage/Function`, `Tables/Stock`; the logical id where there is none. */
export function pathOf(logicalId: string, resource: Resource): string {
  const path = resource.Metadata?.['aws:cdk:path'];
  if (typeof path !== 'string') return logicalId;
  return path
    .replace(/^[^/]*\//, '')
    .replace(/\/Resource$/, '')
    .replace(/\/Default(?=\/|$)/g, '');
}

/** The properties, which may hold anything. */
export function propertiesOf(resource: Resource): Readonly<Record<string, unknown>> {
  return resource.Properties ?? {};
}

/** Every name that a value refers to, however deep: logical ids, and CloudFormation's own parameters such as `AWS::Region`. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(asArray(inner)[0])];
    return references(inner);
  });
}

/** The logical ids alone that a value refers to. */
export function resourcesIn(value: unknown): string[] {
  return references(value).filter((id) => !id.startsWith('AWS::'));
}

/** What CloudFormation takes as one or as a list. */
export function asArray(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}
