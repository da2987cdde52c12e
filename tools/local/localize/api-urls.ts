import { isObject, listOf, mapJson, type Json, type JsonObject } from './assembly';
import type { Rule } from './rule';

/** Replaces the hosts of APIs and of user pools' domains in outputs by the emulator's paths for them. */
export const apiUrls: Rule = {
  name: 'api-urls',
  reason:
    'the hosts of APIs and user pools have no address outside AWS: the emulator serves them under paths of its own',
  apply(assembly, host) {
    return assembly.stacks.flatMap((stack) => {
      const { Outputs: outputs } = stack.template;
      if (outputs === undefined) return [];
      return Object.keys(outputs).flatMap((name) => {
        const before = JSON.stringify(outputs[name]);
        outputs[name] = mapJson(
          outputs[name] ?? null,
          (value) => localUrl(value, host.endpoint) ?? localTokenUrl(value, host.endpoint) ?? value,
        );
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
  // An HTTP API with the stage $default has none in its URL.
  const stage = path.length === 0 ? ['$default/'] : path;
  return { 'Fn::Join': ['', [`${endpoint}/_aws/execute-api/`, api, '/', ...stage]] };
}

/** The local URL for the join of scheme, domain, `.auth.`, region and the rest of the token endpoint. */
function localTokenUrl(value: Json, endpoint: string): string | undefined {
  const [separator, parts] = isObject(value) ? listOf(value['Fn::Join']) : [];
  const [scheme, , service, , rest] = listOf(parts);
  const texts = [separator, scheme, service, rest];
  return JSON.stringify(texts) === '["","https://",".auth.",".amazoncognito.com/oauth2/token"]'
    ? `${endpoint}/oauth2/token`
    : undefined;
}
