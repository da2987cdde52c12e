import {
  CloudWatchClient,
  paginateDescribeAlarms,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { runbookLink } from './runbook-entries';
import { runQueries } from './runbook-queries';
import type { Check, ScenarioRun } from './scenario';
import { subscribeQueue } from '../topic-subscription';

/** The same for every architecture: all alarms of the stack, whichever they are. */
export const alarmsProof: Check = {
  name: 'alarms',
  title: 'every alarm, once raised, reaches whoever is subscribed and says where to read on',
  async run(run) {
    const [cloudWatch, sqs] = [new CloudWatchClient({}), new SQSClient({})];
    const topic = run.output('AlarmTopicArn');
    const alarms = await run.step('read the alarms', () => alarmsOf(cloudWatch, topic));
    run.assert(alarms.length > 0, 'the stack has alarms that act on its topic', `${alarms.length} of them`);
    const lame = alarms.filter(
      ({ Dimensions = [] }) => Dimensions.length === 0 || Dimensions.some(({ Value }) => !Value),
    );
    run.assert(lame.length === 0, 'each watches something by its name', namesOf(lame));
    const queueUrl = await run.step('subscribe a queue to the topic', () => subscribeQueue(run, sqs, topic));
    run.cleanUp('the state of the alarms', () => setAll(run, cloudWatch, alarms, 'OK'));
    await setAll(run, cloudWatch, alarms, 'OK');
    // Nobody may write metrics in the name of a service: in an account the state is set. An emulator that does not tell functions
    // apart raises alarms of other stacks too, which then have their message sooner.
    await run.step(`raise ${alarms.length} alarms`, () =>
      run.faults === undefined ? setAll(run, cloudWatch, alarms, 'ALARM') : putFigures(cloudWatch, alarms),
    );
    const messages = await run.step('wait for their messages', () => messagesOf(run, sqs, queueUrl, alarms));
    const lost = alarms.filter(
      ({ AlarmName = '' }) => runbookLink(messages.get(AlarmName)?.AlarmDescription ?? '') === undefined,
    );
    run.assert(lost.length === 0, 'each says where it is written what to do', namesOf(lost));
    if (run.faults !== undefined) {
      const told = alarms.filter(
        ({ AlarmName = '' }) => !/Threshold/.test(messages.get(AlarmName)?.NewStateReason ?? ''),
      );
      run.assert(told.length === 0, 'each is raised by a figure at its threshold', namesOf(told));
    }
    run.metric('alarms raised', alarms.length);
    const queries = await run.step('run the queries that the runbook tells to run', () => runQueries(run, alarms));
    run.assert(queries.number > 0, 'the runbook has queries for them', `${queries.number} of them`);
    run.assert(queries.failed.length === 0, 'every query runs', queries.failed[0]);
  },
};

/** A value that raises the alarm: at the threshold where that is enough, beyond it where it is not. */
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
      throw new Error(`no figure is known for an alarm that compares by ${ComparisonOperator ?? 'nothing'}`);
  }
}

/** A percentile is raised by many values, whatever was measured before. */
const enoughForPercentiles = 100_000;

async function putFigures(client: CloudWatchClient, alarms: readonly MetricAlarm[]): Promise<void> {
  for (const alarm of alarms) {
    const { Namespace, MetricName, Dimensions, ExtendedStatistic } = alarm;
    const Counts = [ExtendedStatistic === undefined ? 1 : enoughForPercentiles];
    const MetricData = [{ MetricName, Dimensions, Values: [crossing(alarm)], Counts }];
    await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}

/** A page holds fifty alarms, and an account more of them than this stack's. */
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

/** The message of each alarm that it is raised, by its name. */
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
    const silent = alarms.filter(({ AlarmName = '' }) => !raised.has(AlarmName));
    if (silent.length > 0) throw new Error(`nothing was said of ${namesOf(silent) ?? ''}`);
    return true;
  });
  return raised;
}

function namesOf(alarms: readonly MetricAlarm[]): string | undefined {
  return alarms.length === 0 ? undefined : alarms.map(({ AlarmName }) => AlarmName).join(', ');
}
