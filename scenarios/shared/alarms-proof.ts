import {
  CloudWatchClient,
  paginateDescribeAlarms,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { dimensionsOf } from './alarm-dimensions';
import { runbookLink } from './runbook-entries';
import { runQueries } from './runbook-queries';
import type { Check, ScenarioRun } from './scenario';
import { subscribeQueue } from './topic-subscription';

/** Proof that every architecture shares: raises all alarms of the stack and reads their messages. */
export const alarmsProof: Check = {
  name: 'alarms',
  title: 'every alarm notifies the subscribers of its topic and links to its runbook entry',
  async run(run) {
    const [cloudWatch, sqs] = [new CloudWatchClient({}), new SQSClient({})];
    const topic = run.output('AlarmTopicArn');
    const alarms = await run.step('read the alarms', () => alarmsOf(cloudWatch, topic));
    run.assert(alarms.length > 0, 'the stack has alarms that act on its topic', `${alarms.length} alarms`);
    const withoutDimensions = alarms.filter(
      (alarm) => dimensionsOf(alarm).length === 0 || dimensionsOf(alarm).some(({ Value }) => !Value),
    );
    run.assertEqual(namesOf(withoutDimensions), '', 'alarms without a dimension');
    const queueUrl = await run.step('subscribe a queue to the topic', () => subscribeQueue(run, sqs, topic));
    run.cleanUp('the state of the alarms', () => setAll(run, cloudWatch, alarms, 'OK'));
    await setAll(run, cloudWatch, alarms, 'OK');
    // In an account nobody can publish metrics in an AWS namespace, so the alarm's state is set there.
    await run.step(`raise ${alarms.length} alarms`, () =>
      run.faults === undefined ? setAll(run, cloudWatch, alarms, 'ALARM') : putMetrics(cloudWatch, alarms),
    );
    const messages = await run.step('wait for their messages', () => messagesOf(run, sqs, queueUrl, alarms));
    const withoutLink = alarms.filter(
      ({ AlarmName = '' }) => runbookLink(messages.get(AlarmName)?.AlarmDescription ?? '') === undefined,
    );
    run.assertEqual(namesOf(withoutLink), '', 'alarms without a link to the runbook');
    if (run.faults !== undefined) {
      const byState = alarms.filter(
        ({ AlarmName = '' }) => !/Threshold/.test(messages.get(AlarmName)?.NewStateReason ?? ''),
      );
      run.assertEqual(namesOf(byState), '', 'alarms not raised by a metric at the threshold');
    }
    run.metric('alarms raised', alarms.length);
    const queries = await run.step('run the queries of the runbook entries', () => runQueries(run, alarms));
    run.assert(queries.number > 0, 'the runbook entries have queries', `${queries.number} queries`);
    run.assertEqual(queries.failed.join('; '), '', 'queries that failed');
  },
};

/** Value that raises the alarm: the threshold where the comparison includes it, 1 beyond it otherwise. */
export function crossing({ Threshold = 0, ComparisonOperator }: MetricAlarm): number {
  switch (ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
    case 'LessThanOrEqualToThreshold':
      return Threshold;
    case 'GreaterThanThreshold':
      return Threshold + 1;
    case 'LessThanThreshold':
      return Threshold - 1;
    default:
      throw new Error(
        `no value is known that raises an alarm with the comparison ${ComparisonOperator ?? 'undefined'}`,
      );
  }
}

/** So many values raise a percentile whatever was measured before. */
const valuesForPercentile = 100_000;

async function putMetrics(client: CloudWatchClient, alarms: readonly MetricAlarm[]): Promise<void> {
  for (const alarm of alarms) {
    const { Namespace, MetricName, Dimensions, ExtendedStatistic } = alarm;
    const Counts = [ExtendedStatistic === undefined ? 1 : valuesForPercentile];
    const MetricData = [{ MetricName, Dimensions, Values: [crossing(alarm)], Counts }];
    await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}

/** DescribeAlarms returns 50 alarms a page, and matches the topic by prefix. */
async function alarmsOf(client: CloudWatchClient, topic: string): Promise<MetricAlarm[]> {
  const alarms: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { ActionPrefix: topic })) {
    alarms.push(...MetricAlarms.filter(({ AlarmActions }) => AlarmActions?.includes(topic) === true));
  }
  return alarms;
}

async function setAll(
  run: ScenarioRun,
  client: CloudWatchClient,
  alarms: readonly MetricAlarm[],
  StateValue: 'ALARM' | 'OK',
): Promise<void> {
  for (const { AlarmName } of alarms) {
    const StateReason = `scenario ${run.runId}`;
    await client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
  }
}

interface AlarmMessage {
  readonly AlarmName?: string;
  readonly NewStateValue?: string;
  readonly NewStateReason?: string;
  readonly AlarmDescription?: string;
}

/** Messages of the alarms that were raised, keyed by alarm name. */
async function messagesOf(
  run: ScenarioRun,
  sqs: SQSClient,
  QueueUrl: string,
  alarms: readonly MetricAlarm[],
): Promise<ReadonlyMap<string, AlarmMessage>> {
  const raised = new Map<string, AlarmMessage>();
  await run.eventually(`the messages of ${alarms.length} alarms`, async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        const message = JSON.parse(Body) as AlarmMessage;
        if (message.NewStateValue === 'ALARM') raised.set(message.AlarmName ?? '', message);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    const missing = alarms.filter(({ AlarmName = '' }) => !raised.has(AlarmName));
    if (missing.length > 0) throw new Error(`no message from ${namesOf(missing)}`);
    return true;
  });
  return raised;
}

function namesOf(alarms: readonly MetricAlarm[]): string {
  return alarms.map(({ AlarmName }) => AlarmName).join(', ');
}
