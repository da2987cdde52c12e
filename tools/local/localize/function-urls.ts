import { mapJson, resourcesOf, type Json, type JsonObject } from './assembly';
import { referenceOf } from './removal';
import type { Rule } from './rule';

/** Replaces the host of a function URL in outputs by the emulator's path for the URL. */
export const functionUrls: Rule = {
  name: 'function-urls',
  reason: 'the host of a function URL has no address outside AWS: the emulator serves it under a path of its own',
  apply(assembly, { endpoint }) {
    return assembly.stacks.flatMap((stack) => {
      const { Outputs: outputs } = stack.template;
      const urls = new Set(
        resourcesOf(assembly, 'AWS::Lambda::Url')
          .filter((placed) => placed.stack === stack)
          .map(({ id }) => id),
      );
      if (outputs === undefined || urls.size === 0) return [];
      const localUrl = (value: Json): Json => {
        const { id = '', attribute } = referenceOf(value) ?? {};
        return urls.has(id) && attribute === 'FunctionUrl' ? pathOf(value, endpoint) : value;
      };
      return Object.keys(outputs).flatMap((name) => {
        const before = JSON.stringify(outputs[name]);
        outputs[name] = mapJson(outputs[name] ?? null, localUrl);
        return before === JSON.stringify(outputs[name]) ? [] : [`${stack.id}/${name}`];
      });
    });
  },
};

/** Local URL for `https://<id>.lambda-url.<region>.on.aws/`. */
function pathOf(url: Json, endpoint: string): JsonObject {
  const host = { 'Fn::Select': [2, { 'Fn::Split': ['/', url] }] };
  const id = { 'Fn::Select': [0, { 'Fn::Split': ['.', host] }] };
  return { 'Fn::Join': ['', [`${endpoint}/_aws/lambda-url/`, id, '/']] };
}
