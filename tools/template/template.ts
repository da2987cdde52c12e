/** Resource in a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: unknown;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Construct path below the stack: `ResizeImage/Function`, `Tables/Stock`; the logical id if the template has no paths. */
export function pathOf(logicalId: string, resource: Resource): string {
  const path = resource.Metadata?.['aws:cdk:path'];
  if (typeof path !== 'string') return logicalId;
  return path
    .replace(/^[^/]*\//, '')
    .replace(/\/Resource$/, '')
    .replace(/\/Default(?=\/|$)/g, '');
}

export function propertiesOf(resource: Resource): Readonly<Record<string, unknown>> {
  return resource.Properties ?? {};
}

/** Names that a value refers to at any depth: logical ids and pseudo parameters such as `AWS::Region`. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(asArray(inner)[0])];
    return references(inner);
  });
}

/** Logical ids that a value refers to. */
export function resourcesIn(value: unknown): string[] {
  return references(value).filter((id) => !id.startsWith('AWS::'));
}

/** List of a value that CloudFormation takes alone or as a list; empty for undefined. */
export function asArray(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}
