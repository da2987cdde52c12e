import { fullDiff, ResourceImpact, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { dataTypes } from './data-rules';
import { physicalNames } from './physical-names';
import type { Resource } from './rule';

export interface DeployedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/**
 * Resources that a change of templates replaces although they hold data or have a fixed name, and those with data that it
 * takes out of the stack: `replaces Orders (AWS::SQS::Queue)`.
 *
 * CloudFormation makes the new resource before it deletes the old one, which a fixed name forbids.
 */
export function replacements(before: DeployedTemplate, after: DeployedTemplate): string[] {
  const found: string[] = [];
  changesOf(before, after).forEachDifference((id, change) => {
    const [old, next] = [before.Resources[id], after.Resources[id]];
    if (old === undefined) return;
    const holdsData = dataTypes.includes(old.Type);
    if (next === undefined || next.Type !== old.Type) {
      if (holdsData) found.push(`removes ${id} (${old.Type})`);
      return;
    }
    const replaced = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE].includes(change.changeImpact);
    if (replaced && (holdsData || keepsName(old, next))) found.push(`replaces ${id} (${old.Type})`);
  });
  return found;
}

/** Changes of resources. Of two whole templates it takes a tenth of a second to find them; most resources are equal. */
function changesOf(before: DeployedTemplate, after: DeployedTemplate): TemplateDiff['resources'] {
  const text = (id: string): string => JSON.stringify(after.Resources[id]);
  const all = Object.keys({ ...before.Resources, ...after.Resources });
  const chosen = new Set(all.filter((id) => JSON.stringify(before.Resources[id]) !== text(id)));
  for (;;) {
    const { resources } = fullDiff(only(chosen, before), only(chosen, after));
    const replaced = resources.filter((change) => change?.changeImpact === ResourceImpact.WILL_REPLACE).logicalIds;
    // A resource that refers to a replaced one changes with it.
    const refer = Object.keys(after.Resources).filter(
      (id) => !chosen.has(id) && replaced.some((other) => text(id).includes(`"${other}"`)),
    );
    if (refer.length === 0) return resources;
    for (const id of refer) chosen.add(id);
  }
}

function only(ids: ReadonlySet<string>, { Resources }: DeployedTemplate): DeployedTemplate {
  return { Resources: Object.fromEntries(Object.entries(Resources).filter(([id]) => ids.has(id))) };
}

function keepsName(old: Resource, next: Resource): boolean {
  const names = physicalNames(next).map(({ name }) => name);
  return physicalNames(old).some(({ name }) => names.includes(name));
}
