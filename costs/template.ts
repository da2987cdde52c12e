/** A resource as CloudFormation's JSON has it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** The path below the stack as the code has it: `ResizeImage/Function`, `Tables/Stock`. */
export function pathOf(logicalId: string, resource: Resource): string {
  const path = resource.Metadata?.['aws:cdk:path'];
  if (typeof path !== 'string') return logicalId;
  return path.replace(/^[^/]*\//, '').replace(/\/Resource$/, '');
}

/** The properties, which may hold anything. */
export function propertiesOf(resource: Resource): Readonly<Record<string, unknown>> {
  return resource.Properties ?? {};
}

/** The logical id that a `Ref` or `Fn::GetAtt` points to. */
export function referenced(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown };
  if (typeof Ref === 'string') return Ref;
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : undefined;
}
