import type { Dimension } from '@aws-sdk/client-cloudwatch';
import { dimensionsOf } from '../../../scenarios/shared/alarm-dimensions';

const work = { Name: 'FunctionName', Value: 'work' };
const stack = { Name: 'service', Value: 'Work-prod' };

it('reads the dimensions of an alarm on one metric', () => {
  expect(dimensionsOf({ MetricName: 'Errors', Dimensions: [work] })).toEqual([work]);
});

it('reads the dimensions of all metrics of an expression', () => {
  const metric = (Dimensions: Dimension[]) => ({
    Id: 'm',
    MetricStat: { Metric: { Dimensions }, Period: 60, Stat: 'Sum' },
  });
  const Metrics = [{ Id: 'e1', Expression: 'errors - expected' }, metric([work]), metric([stack, work])];
  expect(dimensionsOf({ Dimensions: [], Metrics })).toEqual([work, stack, work]);
});
