import { isObject, listOf, nameOf, resourcesOf, type Json, type JsonObject } from './assembly';
import type { Rule } from './rule';

/** Actions that the emulator compares with `*`, or with a resource other than AWS names. */
const comparedWithAll = /^ec2:(RunInstances|Create\w+|DeleteTags|DeleteSnapshot|AttachVolume|DetachVolume)$/;

/** Allows actions of EC2 without conditions, and some of them on every resource. */
export const ec2Permissions: Rule = {
  name: 'ec2-permissions',
  reason: "the emulator does not know the tags of EC2's resources, and compares some actions with the resource * only",
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::IAM::Policy').flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      if (!isObject(document)) return [];
      const statements = listOf(document['Statement']).filter(isObject);
      const adapted = statements.flatMap(adapt);
      const isChanged = JSON.stringify(adapted) !== JSON.stringify(statements);
      document['Statement'] = adapted;
      return isChanged ? [nameOf(placed)] : [];
    });
  },
};

/** A denial under a condition is dropped, since the emulator would deny without asking for the condition. */
function adapt(statement: JsonObject): JsonObject[] {
  const actions = listOf(statement['Action']);
  if (!actions.some((action) => isText(action) && action.startsWith('ec2:'))) return [statement];
  const { Condition: condition, ...unconditional } = statement;
  if (condition !== undefined && statement['Effect'] === 'Deny') return [];
  const onAll = actions.some((action) => isText(action) && comparedWithAll.test(action));
  return [onAll ? { ...unconditional, Resource: '*' } : unconditional];
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}
