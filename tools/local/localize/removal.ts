import { isObject, listOf, mapJson, type Json, type JsonObject, type Resource, type Stack } from './assembly';

/** `Ref` and attributes of a removed resource; attributes that are not listed become a readable constant. */
export type StandIn = Readonly<Record<string, Json>>;

/** Removes resources from a template and replaces references to them. */
export function removeResources(stack: Stack, standIns: ReadonlyMap<string, StandIn>): void {
  const { template } = stack;
  const left = Object.entries(template.Resources).filter(([id]) => !standIns.has(id));
  template.Resources = Object.fromEntries(left);
  const replace = (value: Json): Json => replaced(value, standIns);
  for (const resource of Object.values(template.Resources)) {
    removeDependencies(resource, standIns);
    if (resource.Properties !== undefined) resource.Properties = mapJson(resource.Properties, replace) as JsonObject;
  }
  if (template.Outputs !== undefined) template.Outputs = mapJson(template.Outputs, replace) as JsonObject;
}

/** Whether another resource or an output refers to the resource. */
export function isReferredTo(stack: Stack, id: string): boolean {
  const others = Object.entries(stack.template.Resources).filter(([other]) => other !== id);
  const refersTo = (value: Json): boolean =>
    referenceOf(value)?.id === id ||
    (typeof value === 'object' && value !== null && Object.values(value).some(refersTo));
  return (
    others.some(([, resource]) => listOf(resource.DependsOn).includes(id) || refersTo(resource.Properties ?? {})) ||
    refersTo(stack.template.Outputs ?? {})
  );
}

/** Resource and attribute of a `Ref` or `Fn::GetAtt`; for `Ref` the attribute is `Ref`. */
export function referenceOf(value: Json | undefined): { id: string; attribute: string } | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value['Ref'] === 'string') return { id: value['Ref'], attribute: 'Ref' };
  const got = value['Fn::GetAtt'];
  const [id, ...attribute] = typeof got === 'string' ? got.split('.') : listOf(got).filter(isText);
  return id === undefined ? undefined : { id, attribute: attribute.join('.') };
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

function removeDependencies(resource: Resource, gone: ReadonlyMap<string, StandIn>): void {
  if (resource.DependsOn === undefined) return;
  const rest = listOf(resource.DependsOn)
    .filter(isText)
    .filter((id) => !gone.has(id));
  if (rest.length > 0) resource.DependsOn = rest;
  else delete resource.DependsOn;
}

function replaced(value: Json, standIns: ReadonlyMap<string, StandIn>): Json {
  const reference = referenceOf(value);
  if (reference !== undefined) return standInFor(reference, standIns) ?? value;
  if (!isObject(value) || value['Fn::Sub'] === undefined) return value;
  return replacedInSub(value['Fn::Sub'], standIns) ?? value;
}

/** Replaces `${Id}` and `${Id.Attribute}` in the text of an `Fn::Sub`. */
function replacedInSub(sub: Json, standIns: ReadonlyMap<string, StandIn>): Json | undefined {
  const [text, ...variables] = listOf(sub);
  if (typeof text !== 'string') return undefined;
  const result = text.replace(/\$\{([^!}][^}]*)\}/g, (whole, name: string) => {
    const [id = '', ...attribute] = name.split('.');
    const standIn = standInFor({ id, attribute: attribute.join('.') || 'Ref' }, standIns);
    return typeof standIn === 'string' ? standIn : whole;
  });
  if (result === text) return undefined;
  return { 'Fn::Sub': variables.length === 0 ? result : [result, ...variables] };
}

function standInFor(
  reference: { id: string; attribute: string },
  standIns: ReadonlyMap<string, StandIn>,
): Json | undefined {
  const standIn = standIns.get(reference.id);
  if (standIn === undefined) return undefined;
  const constant = reference.attribute === 'Ref' ? reference.id : `${reference.id}-${reference.attribute}`;
  return standIn[reference.attribute] ?? `local-${constant}`;
}
