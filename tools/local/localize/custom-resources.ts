import { isObject, listOf, nameOf, resourcesOf, type Resource, type Stack } from './assembly';
import { isReferredTo, referenceOf, removeResources, type StandIn } from './removal';
import type { Rule } from './rule';

const types = ['Custom::S3AutoDeleteObjects', 'Custom::VpcRestrictDefaultSG'];

/** Removes custom resources that have no effect on the emulator, with their function and its role. */
export const customResources: Rule = {
  name: 'custom-resources',
  reason:
    'the emulator drops bucket tags and has no security group rules, so these resources do nothing; its data is deleted at the end of the run',
  apply(assembly) {
    return assembly.stacks.flatMap((stack) => {
      const dropped = resourcesOf(assembly, ...types).filter((placed) => placed.stack === stack);
      if (dropped.length === 0) return [];
      const providers = dropped.map(({ resource }) => referenceOf(resource.Properties?.['ServiceToken'])?.id);
      removeResources(stack, standIns(dropped.map(({ id }) => id)));
      for (const provider of new Set(providers)) if (provider !== undefined) removeProvider(stack, provider);
      return dropped.map(nameOf);
    });
  },
};

function removeProvider(stack: Stack, provider: string): void {
  const role = referenceOf(stack.template.Resources[provider]?.Properties?.['Role'])?.id;
  if (isReferredTo(stack, provider)) return;
  removeResources(stack, standIns([provider]));
  if (role === undefined || !(role in stack.template.Resources)) return;
  for (const resource of Object.values(stack.template.Resources)) removeStatementsFor(resource, role);
  if (!isReferredTo(stack, role)) removeResources(stack, standIns([role]));
}

/** Removes bucket policy statements whose principal is a removed role. */
function removeStatementsFor(resource: Resource, role: string): void {
  const document = resource.Properties?.['PolicyDocument'];
  if (!isObject(document)) return;
  document['Statement'] = listOf(document['Statement']).filter((statement) => {
    const principal = isObject(statement) ? statement['Principal'] : undefined;
    const named = isObject(principal) ? listOf(principal['AWS']) : [];
    return !named.some((one) => referenceOf(one)?.id === role);
  });
}

function standIns(ids: readonly string[]): Map<string, StandIn> {
  return new Map(ids.map((id) => [id, {}]));
}
