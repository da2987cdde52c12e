import { isObject, listOf, nameOf, resourcesOf, type Json, type JsonObject } from './assembly';
import type { Rule } from './rule';

/** Allows calls with a task token, and calls for tasks of ECS, on every resource. */
export const taskCallbacks: Rule = {
  name: 'task-callbacks',
  reason:
    'the emulator checks a call with a task token against the resource * only, and calls for tasks against their cluster',
  apply(assembly) {
    return resourcesOf(assembly).flatMap((placed) => {
      const document = placed.resource.Properties?.['PolicyDocument'];
      if (!isObject(document)) return [];
      const before = listOf(document['Statement']);
      const after = before.flatMap((statement): Json[] =>
        isObject(statement) ? onEverything(statement) : [statement],
      );
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      document['Statement'] = after;
      return [nameOf(placed)];
    });
  },
};

/** The statement, with calls with a task token in a statement of their own: CDK joins those on the same resource. */
function onEverything(statement: JsonObject): JsonObject[] {
  const actions = listOf(statement['Action']);
  const callbacks = actions.filter(isCallback);
  if (callbacks.length === 0) return [statement];
  const others = actions.filter((action) => !isCallback(action));
  // It knows no condition on the cluster either, and would refuse every call.
  const { Condition: _condition, ...unconditional } = statement;
  const wide = {
    ...(callbacks.some(isOfTasks) ? unconditional : statement),
    Action: callbacks,
    Resource: '*',
  };
  return others.length === 0 ? [wide] : [{ ...statement, Action: others }, wide];
}

function isCallback(action: Json): boolean {
  return (typeof action === 'string' && action.startsWith('states:SendTask')) || isOfTasks(action);
}

function isOfTasks(action: Json): boolean {
  return typeof action === 'string' && /^ecs:(List|Describe|Stop)Tasks?$/.test(action);
}
