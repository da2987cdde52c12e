import type { JsonObject } from '../../../../tools/local/localize/assembly';
import { mathAlarms } from '../../../../tools/local/localize/math-alarms';
import { assemblyOf, host, templateOf } from './small-assembly';

const dimensions = [{ Name: 'FunctionName', Value: { Ref: 'Work' } }];
const errors = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: dimensions };

function alarm(Metrics: JsonObject[]) {
  return { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 3, Metrics } };
}

test('an alarm on metric math watches its first metric, and another one stays as it is', () => {
  const unexpected = alarm([
    { Id: 'e1', Expression: 'errors - expected' },
    { Id: 'errors', MetricStat: { Metric: errors, Period: 300, Stat: 'Sum' } },
    { Id: 'expected', MetricStat: { Metric: { ...errors, MetricName: 'Expected' }, Period: 300, Stat: 'Sum' } },
  ]);
  const throttles = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Throttles' } };
  const assembly = assemblyOf({ Unexpected: unexpected, Throttles: throttles }, {});
  expect(mathAlarms.apply(assembly, host)).toEqual(['Photos/Unexpected']);
  expect(templateOf(assembly).Resources).toEqual({
    Unexpected: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Threshold: 3, ...errors, Period: 300, Statistic: 'Sum' },
    },
    Throttles: throttles,
  });
});

test('an alarm of expressions alone is refused', () => {
  const assembly = assemblyOf({ Search: alarm([{ Id: 'e1', Expression: 'SEARCH(…)' }]) }, {});
  expect(() => mathAlarms.apply(assembly, host)).toThrow(/Photos\/Search has no metric/);
});
