import { isObject, listOf, mapJson, type Json, type JsonObject } from './assembly';
import type { Rule } from './rule';

/** Replaces the host of a REST API's URL in outputs by the emulator's path for the API. */
export const apiUrls: Rule = {
  name: 'api-urls',
  reason: 'the host of an API has no address outside AWS: the emulator serves it under a path of its own',
  apply(assembly, host) {
    return assembly.stacks.flatMap((stack) => {
      const { Outputs: outputs } = stack.template;
      if (outputs === undefined) return [];
      return Object.keys(outputs).flatMap((name) => {
        const before = JSON.stringify(outputs[name]);
        outputs[name] = mapJson(outputs[name] ?? null, (value) => localUrl(value, host.endpoint) ?? value);
        return before === JSON.stringify(outputs[name]) ? [] : [`${stack.id}/${name}`];
      });
    });
  },
};

/** The local URL for the join of scheme, API, `.execute-api.`, region, suffix, stage and path. */
function localUrl(value: Json, endpoint: string): JsonObject | undefined {
  const [separator, parts] = isObject(value) ? listOf(value['Fn::Join']) : [];
  const [scheme, api, service, , , , slash, ...path] = listOf(parts);
  const texts = [separator, scheme, service, slash];
  if (JSON.stringify(texts) !== '["","https://",".execute-api.","/"]' || api === undefined) return undefined;
  return { 'Fn::Join': ['', [`${endpoint}/_aws/execute-api/`, api, '/', ...path]] };
}
