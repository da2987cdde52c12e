import { alarmRows, staleCauses, type Causes } from '../../../tools/runbook/alarm-rows';
import { alarmPages } from '../../../tools/runbook/alarm-pages';
import type { Template } from '../../../tools/template/template';

const alarm = (heading: string, MetricName: string, more: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: `Why. What to do: docs/runbook/intake.md#${heading}`,
    ...{ Namespace: 'AWS/Lambda', MetricName, Statistic: 'Sum', Threshold: 3, Period: 300, EvaluationPeriods: 1 },
    ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', ...more },
  },
});
const template: Template = {
  Resources: {
    One: alarm('step-errors', 'Errors'),
    Other: alarm('step-errors', 'Errors'),
    Throttles: alarm('step-throttles', 'Throttles'),
    Storage: alarm('storage-low', 'FreeStorageSpace', {
      ...{ Namespace: 'AWS/RDS', Statistic: 'Minimum', ComparisonOperator: 'LessThanThreshold', Threshold: 2_000 },
      ...{ Period: 60, EvaluationPeriods: 5 },
    }),
    Queue: { Type: 'AWS::SQS::Queue' },
  },
};
const causes: Causes = { 'step-errors': { causedBy: ['killed'] }, gone: { notHere: 'for a reason of its own' } };

it('alarms of one heading are one row, with their threshold', () => {
  const rows = alarmRows(template, causes);
  expect(rows.map(({ heading, alarms, raisedAt }) => `${alarms} ${heading}: ${raisedAt}`)).toEqual([
    '2 step-errors: AWS/Lambda Errors, Sum ≥ 3 in 5 min',
    '1 step-throttles: AWS/Lambda Throttles, Sum ≥ 3 in 5 min',
    '1 storage-low: AWS/RDS FreeStorageSpace, Minimum < 2,000 in 5 × 1 min',
  ]);
});

it('a cause comes from the architecture, or from the kind of alarm, or is undefined', () => {
  expect(alarmRows(template, causes)[0]?.cause).toEqual({ causedBy: ['killed'] });
  expect(alarmRows(template, causes)[1]?.cause).toEqual({ notHere: expect.stringContaining('concurrency') });
  expect(alarmRows(template, {})[0]?.cause).toBeUndefined();
});

it('an entry without an alarm is stale', () => {
  expect(staleCauses(alarmRows(template, causes), causes)).toEqual(['gone']);
});

it('the page counts alarms, not rows, and names proofs as code', () => {
  const pages = alarmPages([{ slug: 'intake', rows: alarmRows(template, causes) }]);
  expect(pages.get('docs/alarms/README.md')).toContain('4 in all');
  expect(pages.get('docs/alarms/intake.md')).toContain(
    '| [step-errors](../runbook/intake.md#step-errors) (2) | AWS/Lambda Errors, Sum ≥ 3 in 5 min | `killed` |',
  );
});
