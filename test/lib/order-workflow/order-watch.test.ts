import { metricLine } from '../../../lambda/order-workflow/order-metrics';
import { synthesize } from '../../synthesis';

interface Alarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: { Name: string; Value: unknown }[];
  readonly Threshold: number;
  readonly Statistic: string;
  readonly Period: number;
}

const settings = { lateApprovalSeconds: 1_800 };
const template = synthesize({ 'order-workflow': settings }).template('OrderWorkflow');
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }: { Properties?: Alarm }) => Properties!,
);
const line = JSON.parse(
  metricLine('ServerlessReferenceArchitectures', 'orders', { NeedsAttention: 1, OldestApproval: 1 }, 0),
) as { _aws: { CloudWatchMetrics: [{ Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }] } };
const [directive] = line._aws.CloudWatchMetrics;

it.each([
  ['NeedsAttention', 1],
  ['OldestApproval', 1_800],
])('the alarm of %s watches the metric that WatchOrders writes, from %i on', (name, threshold) => {
  const mine = alarms.filter(({ MetricName }) => MetricName === name);
  expect(mine).toHaveLength(1);
  expect(mine[0]).toMatchObject({
    Namespace: directive.Namespace,
    Threshold: threshold,
    Statistic: 'Maximum',
    Period: 300,
  });
  expect(mine[0]?.Dimensions.map(({ Name }) => Name)).toEqual(directive.Dimensions[0]);
  expect(directive.Metrics.map(({ Name }) => Name)).toContain(name);
});

it('orders are counted at least once in each period of the alarms', () => {
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
});

it('a count that fails is set aside, so that it is seen', () => {
  const [config] = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'));
  expect(config?.['Properties']).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 });
  expect(JSON.stringify(config)).toContain('EndedExecutionsDeadLetters');
});
