import { isObject, listOf, nameOf, resourcesOf, type Json } from './assembly';
import type { Rule } from './rule';

/** The calls that answer a task token are allowed on every resource. */
export const taskCallbacks: Rule = {
  name: 'task-callbacks',
  reason: 'a call that answers a task token is checked against no state machine, so only the resource * allows it',
  apply(assembly) {
    return resourcesOf(assembly).flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      const statements = isObject(document) ? listOf(document['Statement']) : [];
      const touched = statements.filter(isObject).filter((statement) => isCallbackOnly(statement['Action']));
      for (const statement of touched) statement['Resource'] = '*';
      return touched.length === 0 ? [] : [nameOf(placed)];
    });
  },
};

function isCallbackOnly(action: Json | undefined): boolean {
  const actions = listOf(action);
  return actions.length > 0 && actions.every((one) => typeof one === 'string' && one.startsWith('states:SendTask'));
}
