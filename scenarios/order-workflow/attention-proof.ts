import {
  CloudWatchClient,
  paginateDescribeAlarms,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check, ScenarioRun } from '../shared/scenario';
import { tokenOf } from './approvals';
import { awaitStatus, executionArnOf, openDeployment, orderOf, place, stock, type Deployment } from './deployment';
import { functionsOf, logLines } from './log-lines';

export const attentionProof: Check = {
  name: 'needs-attention',
  title: 'an order that is stuck is counted until it is mended, and its alarm is raised by that figure',
  async run(run) {
    const deployment = openDeployment(run);
    const alarms = await alarmsOf(run);
    const before = await run.step('count what waits already', () => countOrders(deployment));
    const order = await run.step('an order that is stuck', () => strand(deployment));
    const line = await run.step('count again', () => countOrders(deployment));
    const { NeedsAttention: stuck } = line;
    run.assert(stuck === before.NeedsAttention + 1, 'it is counted', `${stuck} after ${before.NeedsAttention}`);
    const alarm = watching(alarms, line, 'NeedsAttention');
    run.assert(alarm !== undefined, 'an alarm watches the metric under which it is counted');
    run.assert(watching(alarms, line, 'OldestApproval') !== undefined, 'and one the age of the oldest approval');
    await run.step('wait for the alarm', () => seeRaised(run, line, alarm?.AlarmName ?? ''));
    await mend(deployment, order);
    const after = await run.step('count once it is mended', () => countOrders(deployment));
    run.assert(after.NeedsAttention === stuck - 1, 'once mended it is counted no more', `${after.NeedsAttention}`);
  },
};

/** A large order whose execution is ended while it waits for its approval. */
async function strand(deployment: Deployment): Promise<string> {
  const { run, sfn } = deployment;
  const sku = await stock(deployment, 'stuck', 100);
  const order = orderOf(deployment, 'stuck', sku, { items: [{ sku, quantity: 11, unitPrice: '1.00' }] });
  await place(deployment, order);
  await tokenOf(deployment, order.orderId);
  await sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, order.orderId) }));
  await awaitStatus(deployment, order.orderId, ['needs-attention']);
  return order.orderId;
}

/** As the runbook has it. */
async function mend({ run, dynamodb }: Deployment, orderId: string): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: run.output('OrdersTableName'),
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET #s = :f REMOVE watch, watchedSince',
      ConditionExpression: '#s = :n',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':f': { S: 'failed' }, ':n': { S: 'needs-attention' } },
    }),
  );
}

/** A line that CloudWatch reads as metrics. */
interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [{ readonly Namespace: string; readonly Dimensions: readonly string[][] }];
  };
  readonly OrdersTable: string;
  readonly NeedsAttention: number;
  readonly OldestApproval: number;
}

/** Has the orders counted, as the schedule does every few minutes, and finds the line that says so. */
async function countOrders(deployment: Deployment): Promise<MetricLine> {
  const { run, lambda } = deployment;
  const FunctionName = (await functionsOf(deployment)).find((name) => name.includes('-WatchOrders'));
  const since = Date.now();
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  run.assert(FunctionError === undefined, 'orders are counted', FunctionError);
  return run.eventually('the line with the figures', async () => {
    const lines = await logLines(deployment, since - 1_000);
    const found = lines
      .filter((line) => line.startsWith('{"_aws":'))
      .map((line) => JSON.parse(line) as MetricLine)
      .findLast((line) => line._aws.Timestamp >= since);
    return found?.OrdersTable === run.output('OrdersTableName') ? found : undefined;
  });
}

/** The alarm that watches a figure of the line under exactly the name and dimensions that the line gives it. */
function watching(alarms: readonly MetricAlarm[], line: MetricLine, figure: string): MetricAlarm | undefined {
  const [{ Namespace: namespace, Dimensions: dimensions }] = line._aws.CloudWatchMetrics;
  return alarms.find(
    ({ Namespace, MetricName, Dimensions = [] }) =>
      Namespace === namespace &&
      MetricName === figure &&
      dimensions.flat().join() === 'OrdersTable' &&
      Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join() === `OrdersTable=${line.OrdersTable}`,
  );
}

const cloudWatch = new CloudWatchClient({});

async function seeRaised(run: ScenarioRun, line: MetricLine, name: string): Promise<void> {
  run.cleanUp(`the state of ${name}`, async () => {
    const StateReason = `scenario ${run.runId}`;
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'OK', StateReason }));
  });
  // Only a local run can inject faults; there nothing reads metrics from log lines, so the check does what CloudWatch does.
  if (run.faults !== undefined) {
    const { OrdersTable: Value, NeedsAttention } = line;
    const [{ Namespace }] = line._aws.CloudWatchMetrics;
    const Dimensions = [{ Name: 'OrdersTable', Value }];
    const MetricData = [{ MetricName: 'NeedsAttention', Dimensions, Value: NeedsAttention }];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
  const state = await run.eventually(
    `${name} to be raised`,
    async () => (await alarmsOf(run)).find((one) => one.AlarmName === name && one.StateValue === 'ALARM'),
    { withinSeconds: 900, everyMilliseconds: 2_000 },
  );
  run.assert(state.StateValue === 'ALARM', 'its alarm is raised by the figure', state.StateReason);
}

async function alarmsOf(run: ScenarioRun): Promise<MetricAlarm[]> {
  const topic = run.output('AlarmTopicArn');
  const alarms: MetricAlarm[] = [];
  // A page holds fifty alarms, and an account more of them than this stack's.
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, { ActionPrefix: topic })) {
    alarms.push(...MetricAlarms.filter(({ AlarmActions }) => AlarmActions?.includes(topic) === true));
  }
  return alarms;
}
