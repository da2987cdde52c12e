import { loadHandler, TestEnvironment } from '../../lambda/order-workflow/test-environment';
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
const [watchOrders] = Object.values(
  template.findResources('AWS::Lambda::Function', {
    Properties: { Description: 'Counts orders that wait for a person' },
  }),
) as { Properties: { Environment: { Variables: Record<string, string> } } }[];

interface MetricDirective {
  readonly Namespace: string;
  readonly Dimensions: string[][];
  readonly Metrics: { Name: string }[];
}

/** Metrics that WatchOrders logs with the environment of the template. */
async function loggedMetrics(): Promise<{ directive: MetricDirective; values: Record<string, unknown> }> {
  const testEnvironment = new TestEnvironment();
  const { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE } = watchOrders!.Properties.Environment.Variables;
  await loadHandler('watch-orders', { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE })({});
  jest.restoreAllMocks();
  const line = testEnvironment.lines.split('\n').find((one) => one.includes('"_aws"')) ?? '{}';
  const values = JSON.parse(line) as { _aws: { CloudWatchMetrics: [MetricDirective] } };
  return { directive: values._aws.CloudWatchMetrics[0], values: { ...values } };
}

it.each([
  ['NeedsAttention', 1],
  ['OldestApproval', 1_800],
])('raises the alarm of %s on the metric that WatchOrders logs, from %i on', async (name, threshold) => {
  const { directive, values } = await loggedMetrics();
  const mine = alarms.filter(({ MetricName }) => MetricName === name);
  expect(mine).toHaveLength(1);
  expect(mine[0]).toMatchObject({
    Namespace: directive.Namespace,
    Threshold: threshold,
    Statistic: 'Maximum',
    Period: 300,
  });
  const dimensions = Object.fromEntries(mine[0]!.Dimensions.map(({ Name, Value }) => [Name, Value]));
  expect(directive.Dimensions).toEqual([expect.arrayContaining(Object.keys(dimensions))]);
  expect(directive.Dimensions[0]).toHaveLength(Object.keys(dimensions).length);
  expect(dimensions['service']).toBe(values['service']);
  expect(directive.Metrics.map(({ Name }) => Name)).toContain(name);
});

it('counts orders at least once in each period of the alarms', () => {
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
});

it('sends a failed count to the dead-letter queue, which has an alarm', () => {
  const [config] = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'));
  expect(config?.['Properties']).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 });
  expect(JSON.stringify(config)).toContain('EndedExecutionsDeadLetters');
});
