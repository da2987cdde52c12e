import fc from 'fast-check';
import { JsonTextError, parseJsonText } from '../../../lambda/rest-api/json-text';

it.each([
  ['', 'use valid JSON'],
  ['{"a":1,}', 'use valid JSON'],
  ['{"a":1,"a":2}', 'use each key once'],
  ['{"a":1,"\\u0061":2}', 'use each key once'],
  ['[{"b":{"c":1,"c":1}}]', 'use each key once'],
  ['{"__proto__":{}}', 'leave out the key __proto__'],
  ['{"\\u005f_proto__":1}', 'leave out the key __proto__'],
  ['{"a":"\\ud800"}', 'use pairs of surrogates'],
  ['{"\\udc00":1}', 'use pairs of surrogates'],
  ['['.repeat(10_000) + ']'.repeat(10_000), 'nest at most 20 levels deep'],
])('refuses %.40s', (text, message) => {
  expect(() => parseJsonText(text)).toThrow(new JsonTextError(message));
});

it('takes the same key in different objects, and keys and values that look like syntax', () => {
  const text = '[{"a":"{\\"a\\":1,\\"a\\":2}"},{"a":"}:,"},{"":[":",","]},"__proto__"]';
  expect(parseJsonText(text)).toEqual(JSON.parse(text));
});

it('reads every other JSON text as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      if (/__proto__|\\ud[89a-f]/i.test(text)) return;
      expect(parseJsonText(text)).toEqual(JSON.parse(text));
    }),
  );
});
