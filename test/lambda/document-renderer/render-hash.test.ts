import { renderHash } from '../../../lambda/document-renderer/render-hash';

const input = { template: 'invoice', version: 1, source: '<p>', engine: '153', data: { a: 1, b: { c: [1, 2], d: 2 } } };

it('is the same for the same data in another order of its fields', () => {
  expect(renderHash({ ...input, data: { b: { d: 2, c: [1, 2] }, a: 1 } })).toBe(renderHash(input));
});

it.each([
  ['template', { template: 'letter' }],
  ['version', { version: 2 }],
  ['text of the template', { source: '<p>.' }],
  ['browser', { engine: '154' }],
  ['data', { data: { a: 1, b: { c: [2, 1], d: 2 } } }],
  ['list in place of an object', { data: [['a', 1]] }],
])('is another for another %s', (_, change) => {
  expect(renderHash({ ...input, ...change })).not.toBe(renderHash(input));
});

it('tells an object from a list of its entries', () => {
  expect(renderHash({ ...input, data: { a: 1 } })).not.toBe(renderHash({ ...input, data: [['a', 1]] }));
});
