import { customResources } from '../../../../tools/local/localize/custom-resources';
import type { Resource } from '../../../../tools/local/localize/assembly';
import { assemblyOf, host, templateOf } from './small-assembly';

const autoDelete = (bucket: string): Resource => ({
  Type: 'Custom::S3AutoDeleteObjects',
  Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, BucketName: { Ref: bucket } },
});

function stack(more: Record<string, Resource> = {}): Record<string, Resource> {
  return {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: {
          Statement: [
            { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*' },
            { Effect: 'Allow', Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, Action: 's3:DeleteObject*' },
          ],
        },
      },
    },
    AutoDelete: autoDelete('Bucket'),
    Provider: {
      Type: 'AWS::Lambda::Function',
      DependsOn: ['Role'],
      Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
    Role: { Type: 'AWS::IAM::Role' },
    ...more,
  };
}

test('automatic deletion is removed with its function, role and bucket policy statement', () => {
  const assembly = assemblyOf(stack());
  expect(customResources.apply(assembly, host)).toEqual(['Photos/AutoDelete']);
  const { Resources } = templateOf(assembly);
  expect(Object.keys(Resources)).toEqual(['Bucket', 'Policy']);
  expect(Resources['Policy']?.Properties?.['PolicyDocument']).toEqual({
    Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*' }],
  });
});

test('a provider with another use is kept, and so is its role', () => {
  const other = { Type: 'Custom::Else', Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] } } };
  const assembly = assemblyOf(stack({ Other: other }));
  customResources.apply(assembly, host);
  expect(Object.keys(templateOf(assembly).Resources)).toEqual(['Bucket', 'Policy', 'Provider', 'Role', 'Other']);
});

test('a stack without such resources is left alone', () => {
  const assembly = assemblyOf({ Bucket: { Type: 'AWS::S3::Bucket' } });
  expect(customResources.apply(assembly, host)).toEqual([]);
  expect(assembly.changes().stacks).toEqual([]);
});
