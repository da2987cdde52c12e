import { isReferredTo, referenceOf, removeResources } from '../../../../tools/local/localize/removal';
import { assemblyOf, templateOf } from './small-assembly';

const gone = { Type: 'AWS::CodeCommit::Repository' };

test('references to a removed resource become its substitute or a constant with its name', () => {
  const assembly = assemblyOf(
    {
      Gone: gone,
      Topic: {
        Type: 'AWS::SNS::Topic',
        DependsOn: ['Gone'],
        Properties: {
          Name: { 'Fn::GetAtt': ['Gone', 'Name'] },
          Short: { 'Fn::GetAtt': 'Gone.Name' },
          Joined: { 'Fn::Join': ['', ['x', { Ref: 'Gone' }]] },
          Other: { 'Fn::GetAtt': ['Gone', 'CloneUrl'] },
          Kept: { Ref: 'Elsewhere' },
        },
      },
    },
    { Url: { Value: { 'Fn::Sub': 'https://${Gone.CloneUrl}/${Elsewhere}/${!Gone}/${Gone}' } } },
  );
  removeResources(assembly.stacks[0]!, new Map([['Gone', { Name: 'infra' }]]));
  expect(templateOf(assembly)).toEqual({
    Resources: {
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: {
          Name: 'infra',
          Short: 'infra',
          Joined: { 'Fn::Join': ['', ['x', 'local-Gone']] },
          Other: 'local-Gone-CloneUrl',
          Kept: { Ref: 'Elsewhere' },
        },
      },
    },
    Outputs: { Url: { Value: { 'Fn::Sub': 'https://local-Gone-CloneUrl/${Elsewhere}/${!Gone}/local-Gone' } } },
  });
});

test('other dependencies are kept', () => {
  const assembly = assemblyOf({ Gone: gone, Topic: { Type: 'AWS::SNS::Topic', DependsOn: ['Gone', 'Other'] } });
  removeResources(assembly.stacks[0]!, new Map([['Gone', {}]]));
  expect(templateOf(assembly).Resources['Topic']?.DependsOn).toEqual(['Other']);
});

test('a resource counts as referred to by a property, a dependency and an output', () => {
  const byProperty = assemblyOf({ A: gone, B: { Type: 'T', Properties: { a: [{ Ref: 'A' }] } } }).stacks[0]!;
  const byDependency = assemblyOf({ A: gone, B: { Type: 'T', DependsOn: 'A' } }).stacks[0]!;
  const byOutput = assemblyOf({ A: gone }, { O: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } } }).stacks[0]!;
  expect([byProperty, byDependency, byOutput].map((stack) => isReferredTo(stack, 'A'))).toEqual([true, true, true]);
  expect(isReferredTo(byProperty, 'B')).toBe(false);
});

test('a value that refers to nothing has no reference', () => {
  expect([referenceOf('A'), referenceOf({ 'Fn::Join': ['', []] }), referenceOf(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
