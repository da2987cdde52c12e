import { isObject, listOf, nameOf, resourcesOf, type Json } from './assembly';
import type { Rule } from './rule';

/** Allows calls with a task token on every resource. */
export const taskCallbacks: Rule = {
  name: 'task-callbacks',
  reason: 'the emulator checks a call with a task token against the resource * only',
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
