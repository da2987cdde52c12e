import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
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
  fullDiff(before, after).resources.forEachDifference((id, change) => {
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

function keepsName(old: Resource, next: Resource): boolean {
  const names = physicalNames(next).map(({ name }) => name);
  return physicalNames(old).some(({ name }) => names.includes(name));
}
