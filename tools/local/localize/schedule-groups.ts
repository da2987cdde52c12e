import { isObject, listOf, nameOf, resourcesOf, type Json } from './assembly';
import type { Rule } from './rule';

/** Allows calls about schedules on every resource. */
export const scheduleGroups: Rule = {
  name: 'schedule-groups',
  reason: 'the emulator compares each schedule with the group default, whatever its group is',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::IAM::Policy').flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      const statements = isObject(document) ? listOf(document['Statement']) : [];
      const touched = statements.filter(isObject).filter((statement) => isAboutSchedules(statement['Action']));
      for (const statement of touched) statement['Resource'] = '*';
      return touched.length === 0 ? [] : [nameOf(placed)];
    });
  },
};

function isAboutSchedules(action: Json | undefined): boolean {
  const actions = listOf(action);
  return actions.length > 0 && actions.every((one) => typeof one === 'string' && /^scheduler:\w+Schedule$/.test(one));
}
