import { mathAlarms } from '../../../../tools/local/localize/math-alarms';
import { assemblyOf, host, templateOf } from './small-assembly';

test('an alarm on metric math is removed, an alarm on one metric is kept', () => {
  const assembly = assemblyOf(
    {
      Ratio: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Id: 'e1' }] } },
      Errors: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
    },
    { Arn: { Value: { 'Fn::GetAtt': ['Ratio', 'Arn'] } } },
  );
  expect(mathAlarms.apply(assembly, host)).toEqual(['Photos/Ratio']);
  expect(Object.keys(templateOf(assembly).Resources)).toEqual(['Errors']);
  expect(templateOf(assembly).Outputs).toEqual({
    Arn: { Value: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Ratio' },
  });
});
