import { differenceFrom } from './template-difference';

it('equal templates have no difference, whatever the order of their keys', () => {
  expect(differenceFrom({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual({});
});

it('an added resource is shown whole, a removed one by its type', () => {
  const queue = { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'x' } };
  expect(differenceFrom({ Resources: { Old: queue } }, { Resources: { New: queue } })).toEqual({
    Resources: { '- Old': 'AWS::SQS::Queue', '+ New': queue },
  });
});

it('a changed value is shown with what it was, at its place', () => {
  const bucket = (policy: string, days: number) => ({
    DeletionPolicy: policy,
    Properties: { Rules: [{ Days: days }, { Days: 7 }] },
  });
  expect(differenceFrom(bucket('Delete', 7), bucket('Retain', 90))).toEqual({
    '~ DeletionPolicy': 'Delete -> Retain',
    Properties: { Rules: { '0': { '~ Days': '7 -> 90' } } },
  });
});

it('of a list that grew or shrank, the items that came and went are shown', () => {
  expect(differenceFrom({ list: [{ a: 1 }, { b: 2 }] }, { list: [{ a: 1 }, { c: 3 }, { d: 4 }] })).toEqual({
    list: { '-': [{ b: 2 }], '+': [{ c: 3 }, { d: 4 }] },
  });
});

it('an intrinsic function in the place of another is a changed value', () => {
  expect(differenceFrom({ name: { Ref: 'One' } }, { name: { Ref: 'Other' } })).toEqual({
    '~ name': { from: { Ref: 'One' }, to: { Ref: 'Other' } },
  });
});

it('null is a value like others', () => {
  expect(differenceFrom({ a: null, b: 1 }, { a: {}, b: null })).toEqual({
    '~ a': { from: null, to: {} },
    '~ b': '1 -> null',
  });
});
