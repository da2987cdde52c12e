import { secretReference } from '../../../../tools/local/localize/secret-reference';
import { assemblyOf, host, templateOf } from './small-assembly';

test('a reference to a secret becomes its ARN, other references are kept', () => {
  const assembly = assemblyOf(
    {
      Secret: { Type: 'AWS::SecretsManager::Secret' },
      Policy: { Type: 'AWS::IAM::Policy', Properties: { Resource: { Ref: 'Secret' }, Role: { Ref: 'Role' } } },
    },
    { Arn: { Value: { Ref: 'Secret' } } },
  );
  expect(secretReference.apply(assembly, host)).toEqual(['Photos/Secret']);
  expect(templateOf(assembly).Resources['Policy']?.Properties).toEqual({
    Resource: { 'Fn::GetAtt': ['Secret', 'Id'] },
    Role: { Ref: 'Role' },
  });
  expect(templateOf(assembly).Outputs).toEqual({ Arn: { Value: { 'Fn::GetAtt': ['Secret', 'Id'] } } });
});

test('a secret without references is not changed', () => {
  expect(secretReference.apply(assemblyOf({ Secret: { Type: 'AWS::SecretsManager::Secret' } }), host)).toEqual([]);
});
