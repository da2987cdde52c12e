import { checkInput } from '../../../../tools/local/calls/check-input';
import type { ServiceModel } from '../../../../tools/local/calls/service-model';

const model: ServiceModel = {
  protocol: 'json',
  operations: { PutThing: { method: 'POST', uri: '/', input: 'PutThingInput' }, Ping: { method: 'POST', uri: '/' } },
  shapes: {
    PutThingInput: {
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Name' },
        Mode: { shape: 'Mode' },
        Count: { shape: 'Count' },
        Parts: { shape: 'Parts' },
        Tags: { shape: 'Tags' },
      },
    },
    Name: { type: 'string', min: 1, max: 5, pattern: '[a-z]+' },
    Mode: { type: 'string', enum: ['on', 'off'] },
    Count: { type: 'integer', min: 0, max: 10 },
    Parts: { type: 'list', max: 2, member: { shape: 'PutThingInput' } },
    Tags: { type: 'map', max: 1, value: { shape: 'Name' } },
  },
};

const violations = (input: Record<string, unknown>, unread: string[] = []) =>
  checkInput({ operation: 'PutThing', input, unread: new Set(unread) }, model);

it('an input within the model has no violation', () => {
  const input = { Name: 'abc', Mode: 'on', Count: 10, Parts: [{ Name: 'a' }], Tags: { key: 'b' }, Unknown: 1 };
  expect(violations(input)).toEqual([]);
});

it.each([
  [{}, 'Name is missing'],
  [{ Name: '' }, 'Name: length 0 is below 1'],
  [{ Name: 'abcdef' }, 'Name: length 6 is above 5'],
  [{ Name: 'a1' }, 'Name does not match [a-z]+'],
  [{ Name: 'a\n' }, 'Name does not match [a-z]+'],
  [{ Name: 'a', Mode: 'none' }, 'Mode is none of on, off'],
  [{ Name: 'a', Count: 11 }, 'Count: value 11 is above 10'],
  [{ Name: 'a', Parts: [{ Name: 'a' }, {}] }, 'Parts[1].Name is missing'],
  [{ Name: 'a', Parts: [{ Name: 'a' }, { Name: 'a' }, { Name: 'a' }] }, 'Parts: number of items 3 is above 2'],
  [{ Name: 'a', Tags: { b: 'c', d: 'e' } }, 'Tags: number of entries 2 is above 1'],
  [{ Name: 'a', Tags: { b: 'C' } }, 'Tags.b does not match [a-z]+'],
])('%j violates the model: %s', (input, violation) => {
  expect(violations(input)).toContain(violation);
});

it('a length counts characters, not code units', () => {
  const emoji = { ...model, shapes: { ...model.shapes, Name: { type: 'string', max: 5 } } };
  expect(checkInput({ operation: 'PutThing', input: { Name: '😀😀😀😀😀' }, unread: new Set() }, emoji)).toEqual([]);
});

it('a member that could not be read is not missing', () => {
  expect(violations({}, ['Name'])).toEqual([]);
});

it('an operation without input has no violation', () => {
  expect(checkInput({ operation: 'Ping', input: {}, unread: new Set() }, model)).toEqual([]);
});
