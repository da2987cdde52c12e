import { publicParameters } from '../../../../tools/local/localize/public-parameters';
import { assemblyOf, host, templateOf } from './small-assembly';

test('a public parameter is in the account of the emulator', () => {
  const arn = (end: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:us-east-1:', end]] });
  const statement = (end: string) => [{ Action: 'ssm:GetParameter', Resource: arn(end) }];
  const policy = (end: string) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Statement: statement(end) } },
  });
  const assembly = assemblyOf({
    Public: policy(':parameter/aws/service/ami'),
    Own: policy('1:parameter/aws/service/ami'),
  });
  expect(publicParameters.apply(assembly, host)).toEqual([]);
  const whole = { 'Fn::Join': ['', ['arn:aws:ssm:us-east-1::parameter/aws/service/ami']] };
  const other = assemblyOf({
    Public: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: [{ Action: 'ssm:GetParameter', Resource: whole }] } },
    },
  });
  expect(publicParameters.apply(other, host)).toEqual(['Photos/Public']);
  expect(JSON.stringify(templateOf(other))).toContain('us-east-1:000000000000:parameter/aws/service/ami');
});
