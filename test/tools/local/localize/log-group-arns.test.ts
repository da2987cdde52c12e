import { logGroupArns } from '../../../../tools/local/localize/log-group-arns';
import { assemblyOf, host, templateOf } from './small-assembly';

const joined = (end: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, end]] });

test('actions on log groups are allowed on their ARNs without :* too, and no others', () => {
  const write = { Action: 'logs:PutLogEvents', Resource: joined(':logs:a:b:log-group:x:*') };
  const statements = [
    { Action: ['logs:CreateLogGroup'], Resource: [joined(':logs:a:b:log-group:x:*'), 'arn:y:*', { Ref: 'Other' }] },
    write,
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
    Others: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [write] } } },
  });
  expect(logGroupArns.apply(assembly, host)).toEqual(['Photos/Policy']);
  const document = templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument'] as {
    Statement: { Resource: unknown }[];
  };
  expect(document.Statement.map(({ Resource }) => Resource)).toEqual([
    [joined(':logs:a:b:log-group:x:*'), 'arn:y:*', { Ref: 'Other' }, joined(':logs:a:b:log-group:x'), 'arn:y'],
    write.Resource,
  ]);
});
