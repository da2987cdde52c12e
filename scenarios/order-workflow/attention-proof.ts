import {
  CloudWatchClient,
  paginateDescribeAlarms,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check, ScenarioRun } from '../shared/scenario';
import { waitForTaskToken } from './approvals';
import { addStock, executionArnOf, openDeployment, waitForStatus, type Deployment } from './deployment';
import { runOperation } from './run-operation';
import { createLargeOrder, placeOrder } from './test-orders';
import { countOrders, findAlarm, readDimensions, type MetricLine } from './watch-metrics';

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
    const metrics = ['NeedsAttention', 'NotNotified', 'StuckOrders', 'OldestApproval'];
    const missing = metrics.filter((metric) => findAlarm(alarms, line, metric) === undefined);
    run.assertEqual(missing, [], 'metrics without an alarm');
    await run.step('wait for the alarm', () => checkAlarm(run, line, alarm?.AlarmName ?? ''));
    await run.step('end the order as the runbook says', () => runOperation(run, 'orders <order id> --fail', order));
    const { status, charges } = await waitForStatus(deployment, order, ['failed']);
    run.assertEqual({ status, charges }, { status: 'failed', charges: 0 }, 'order after the repair');
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
