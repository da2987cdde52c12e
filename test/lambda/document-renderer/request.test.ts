import { parseData, parseRequest } from '../../../lambda/document-renderer/request';

const request = { requestId: 'one', template: 'invoice', version: 1, data: { number: '1' } };

it('takes inline data or the key of a data object', () => {
  expect(parseRequest(JSON.stringify(request))).toEqual(request);
  const { data: _, ...byKey } = { ...request, dataKey: 'data/one.json' };
  expect(parseRequest(JSON.stringify(byKey))).toEqual(byKey);
});

it.each([
  ['not JSON', '{', 'the whole'],
  ['a key outside of data/', JSON.stringify({ ...request, data: undefined, dataKey: 'other/one' }), 'dataKey'],
  [
    'a key of more than 1,024 bytes',
    JSON.stringify({ ...request, data: undefined, dataKey: `data/${'é'.repeat(510)}` }),
    'dataKey',
  ],
  ['data twice', JSON.stringify({ ...request, dataKey: 'data/one' }), 'the whole'],
  ['a path as template', JSON.stringify({ ...request, template: '../secret' }), 'template'],
])('refuses %s as malformed', (_, body, path) => {
  expect(() => parseRequest(body)).toThrow(`malformed: wrong at ${path}`);
});

it('data must be a JSON object', () => {
  expect(parseData('{"a":1}')).toEqual({ a: 1 });
  expect(() => parseData('[1]')).toThrow('data-not-json');
});
