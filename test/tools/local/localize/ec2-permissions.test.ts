import { ec2Permissions } from '../../../../tools/local/localize/ec2-permissions';
import { assemblyOf, host, templateOf } from './small-assembly';

test('actions of EC2 lose their conditions, a conditional denial is dropped, and some are allowed on every resource', () => {
  const Resource = 'arn:aws:ec2:*:*:volume/*';
  const Condition = { StringEquals: { 'aws:ResourceTag/keep': 'true' } };
  const statements = [
    { Action: 'ec2:DeleteVolume', Effect: 'Allow', Resource, Condition },
    { Action: 'ec2:DeleteVolume', Effect: 'Deny', Resource, Condition },
    { Action: ['ec2:CreateTags'], Effect: 'Allow', Resource, Condition },
    { Action: 's3:GetObject', Effect: 'Allow', Resource: 'bucket', Condition },
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
    Other: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements.slice(3) } } },
  });
  expect(ec2Permissions.apply(assembly, host)).toEqual(['Photos/Policy']);
  expect(templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument']).toEqual({
    Statement: [
      { Action: 'ec2:DeleteVolume', Effect: 'Allow', Resource },
      { Action: ['ec2:CreateTags'], Effect: 'Allow', Resource: '*' },
      { Action: 's3:GetObject', Effect: 'Allow', Resource: 'bucket', Condition },
    ],
  });
});
