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
import { waitForTaskToken } from './approvals';
import { addStock, executionArnOf, openDeployment, waitForStatus, type Deployment } from './deployment';
import { findFunctions, readLogLines } from './log-lines';
import { createLargeOrder, placeOrder } from './test-orders';

export const attentionProof: Check = {
  name: 'needs-attention',
  title: 'counts an order that needs attention until it is repaired, and raises its alarm',
  async run(run) {
    const deployment = openDeployment(run);
    const alarms = await readAlarms(run);
    const before = await run.step('count the waiting orders', () => countOrders(deployment));
    const order = await run.step('stop an execution', () => stopExecution(deployment));
    const line = await run.step('count again', () => countOrders(deployment));
    run.assertEqual(line.NeedsAttention, before.NeedsAttention + 1, 'orders that need attention');
    const alarm = findAlarm(alarms, line, 'NeedsAttention');
    run.assert(alarm !== undefined, 'an alarm uses the metric NeedsAttention');
    run.assert(findAlarm(alarms, line, 'OldestApproval') !== undefined, 'an alarm uses the metric OldestApproval');
    await run.step('wait for the alarm', () => checkAlarm(run, line, alarm?.AlarmName ?? ''));
    await setFailed(deployment, order);
    const after = await run.step('count after the repair', () => countOrders(deployment));
    run.assertEqual(after.NeedsAttention, before.NeedsAttention, 'orders that need attention after the repair');
  },
};

/** Stops the execution of a large order while it waits for approval. */
async function stopExecution(deployment: Deployment): Promise<string> {
  const { run, sfn } = deployment;
  const order = createLargeOrder(deployment, 'stopped', await addStock(deployment, 'stopped', 100));
  await placeOrder(deployment, order);
  await waitForTaskToken(deployment, order.orderId);
  await sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, order.orderId) }));
  await waitForStatus(deployment, order.orderId, ['needs-attention']);
  return order.orderId;
}

/** Sets the status as the runbook says. */
async function setFailed({ run, dynamodb }: Deployment, orderId: string): Promise<void> {
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

/** Log line in the embedded metric format. */
interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [{ readonly Namespace: string; readonly Dimensions: readonly string[][] }];
  };
  readonly service: string;
  readonly OrdersTable: string;
  readonly NeedsAttention: number;
  readonly OldestApproval: number;
}

/** Invokes WatchOrders, as its schedule does every few minutes, and returns the metrics that it logs. */
async function countOrders(deployment: Deployment): Promise<MetricLine> {
  const { run, lambda } = deployment;
  const FunctionName = (await findFunctions(deployment)).find((name) => name.includes('-WatchOrders'));
  const since = Date.now();
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  run.assert(FunctionError === undefined, 'WatchOrders succeeds', FunctionError);
  return run.eventually('the line with the metrics', async () => {
    const lines = await readLogLines(deployment, since - 1_000);
    const found = lines
      .filter((line) => line.startsWith('{"_aws":'))
      .map((line) => JSON.parse(line) as MetricLine)
      .findLast((line) => line._aws.Timestamp >= since);
    return found?.OrdersTable === run.output('OrdersTableName') ? found : undefined;
  });
}

/** Returns the alarm on a metric with exactly the namespace and dimensions of the log line. */
function findAlarm(alarms: readonly MetricAlarm[], line: MetricLine, metric: string): MetricAlarm | undefined {
  const [{ Namespace: namespace }] = line._aws.CloudWatchMetrics;
  const dimensions = readDimensions(line);
  return alarms.find(({ Namespace, MetricName, Dimensions = [] }) => {
    const same = Dimensions.every(({ Name = '', Value }) => dimensions.get(Name) === Value);
    return Namespace === namespace && MetricName === metric && same && Dimensions.length === dimensions.size;
  });
}

function readDimensions(line: MetricLine): Map<string, unknown> {
  const [{ Dimensions }] = line._aws.CloudWatchMetrics;
  return new Map(Dimensions.flat().map((name) => [name, line[name as keyof MetricLine]]));
}

const cloudWatch = new CloudWatchClient({});

async function checkAlarm(run: ScenarioRun, line: MetricLine, name: string): Promise<void> {
  run.cleanUp(`the state of ${name}`, async () => {
    const StateReason = `scenario ${run.runId}`;
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'OK', StateReason }));
  });
  // A local run (the only one with fault injection) reads no metrics from log lines: the check publishes them instead.
  if (run.faults !== undefined) {
    const [{ Namespace }] = line._aws.CloudWatchMetrics;
    const Dimensions = [...readDimensions(line)].map(([Name, Value]) => ({ Name, Value: String(Value) }));
    const MetricData = [{ MetricName: 'NeedsAttention', Dimensions, Value: line.NeedsAttention }];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
  const state = await run.eventually(
    `${name} to be raised`,
    async () => (await readAlarms(run)).find((one) => one.AlarmName === name && one.StateValue === 'ALARM'),
    { withinSeconds: 900, everyMilliseconds: 2_000 },
  );
  run.assert(state.StateValue === 'ALARM', 'the alarm is raised by the metric', state.StateReason);
}

async function readAlarms(run: ScenarioRun): Promise<MetricAlarm[]> {
  const topic = run.output('AlarmTopicArn');
  const alarms: MetricAlarm[] = [];
  // A page holds fifty alarms, and an account has more than those of this stack.
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, { ActionPrefix: topic })) {
    alarms.push(...MetricAlarms.filter(({ AlarmActions }) => AlarmActions?.includes(topic) === true));
  }
  return alarms;
}
