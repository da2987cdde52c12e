import { loadHandler, TestEnvironment } from '../../lambda/order-workflow/test-environment';
import { synthesize } from '../../synthesis';

interface Alarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: { Name: string; Value: unknown }[];
  readonly Threshold: number;
  readonly Statistic: string;
  readonly Period: number;
  readonly TreatMissingData: string;
}

const settings = { lateApprovalSeconds: 1_800 };
const template = synthesize({ 'order-workflow': settings }).template('OrderWorkflow');
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }: { Properties?: Alarm }) => Properties!,
);
const description = { Properties: { Description: 'Counts orders that wait for a person' } };
const [watchOrders] = Object.values(template.findResources('AWS::Lambda::Function', description)) as {
  Properties: { Environment: { Variables: Record<string, string> } };
}[];

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
  ['NotNotified', 1],
  ['StuckOrders', 1],
  ['OldestApproval', 1_800],
])('raises the alarm of %s on the metric that WatchOrders logs, from %i on', async (name, threshold) => {
  const { directive, values } = await loggedMetrics();
  const mine = alarms.filter(({ MetricName }) => MetricName === name);
  expect(mine).toHaveLength(1);
  expect(mine[0]).toMatchObject({
    Namespace: directive.Namespace,
    Threshold: threshold,
    Statistic: 'Maximum',
    Period: 600,
  });
  const dimensions = Object.fromEntries((mine[0]!.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  expect(directive.Dimensions).toEqual([expect.arrayContaining(Object.keys(dimensions))]);
  expect(directive.Dimensions[0]).toHaveLength(Object.keys(dimensions).length);
  expect(dimensions['service']).toBe(values['service']);
  expect(directive.Metrics.map(({ Name }) => Name)).toContain(name);
});

it('keeps alarms in their state between data points: two counts a period, and missing data changes nothing', () => {
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
  const counted = alarms.filter(({ Dimensions = [] }) => Dimensions.some(({ Name }) => Name === 'OrdersTable'));
  expect(counted.map(({ Period, TreatMissingData }) => [Period, TreatMissingData])).toEqual(
    Array.from({ length: 4 }, () => [600, 'ignore']),
  );
});

it('takes an order for stuck once its execution may have taken longer, without the wait for approval', () => {
  const stuckAfter = (settings: object) => {
    const of = synthesize({ 'order-workflow': settings }).template('OrderWorkflow');
    const [watch] = Object.values(of.findResources('AWS::Lambda::Function', description));
    const variables = (watch as typeof watchOrders)?.Properties.Environment.Variables;
    return Number(variables?.['STUCK_AFTER_SECONDS']);
  };
  const [byDefault, longer] = [stuckAfter({}), stuckAfter({ refundRetrySeconds: 172_800 })];
  // A refund and the release of stock may take a day each.
  expect(byDefault).toBeGreaterThan(2 * 86_400);
  expect(longer - byDefault).toBeGreaterThanOrEqual(2 * 86_400);
  expect(stuckAfter({ approvalTimeoutSeconds: 2_592_000 })).toBe(byDefault);
});

it('sends a failed count to the dead-letter queue, which has an alarm', () => {
  const [config] = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'));
  expect(config?.['Properties']).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 });
  expect(JSON.stringify(config)).toContain('EndedExecutionsDeadLetters');
});
