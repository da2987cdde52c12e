import {
  CloudWatchClient,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../scenario';
import { subscribeQueue } from '../topic-subscription';
import { readDeployment, type Deployment } from './deployment';

/** What is watched, as `metric of name`. */
function watched(deployment: Deployment): string[] {
  const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  const [orders, deadLetters] = [nameOf(deployment.ordersQueueUrl), nameOf(deployment.deadLetterQueueUrl)];
  const functions = [deployment.functionName, deployment.redriveFunctionName];
  return [
    `ApproximateNumberOfMessagesVisible of ${deadLetters}`,
    `ApproximateAgeOfOldestMessage of ${deadLetters}`,
    `ApproximateAgeOfOldestMessage of ${orders}`,
    ...functions.flatMap((name) => ['Errors', 'Throttles', 'Duration'].map((metric) => `${metric} of ${name}`)),
  ].sort();
}

export const alarmsProof: Check = {
  name: 'alarms',
  title:
    'alarms watch the metrics of this queue and its functions, and reach whoever is subscribed with where to read on',
  async run(run) {
    const deployment = await readDeployment(run);
    const cloudWatch = new CloudWatchClient({});
    const alarms = await run.step('read the alarms', () => alarmsOf(cloudWatch, deployment));
    const found = alarms.map(({ MetricName, Dimensions = [] }) => {
      return `${MetricName} of ${Dimensions.map(({ Value }) => Value).join()}`;
    });
    const expected = watched(deployment);
    run.holds(found.sort().join('; ') === expected.join('; '), 'each watches its own resource', found.join('; '));

    const queueUrl = await run.step('subscribe a queue to the topic', () =>
      subscribeQueue(run, deployment.sqs, deployment.alarmTopicArn),
    );
    const names = alarms.map(({ AlarmName = '' }) => AlarmName);
    const setAll = async (StateValue: 'ALARM' | 'OK'): Promise<void> => {
      for (const AlarmName of names)
        await cloudWatch.send(
          new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: `scenario ${run.runId}` }),
        );
    };
    run.cleanUp('the state of the alarms', () => setAll('OK'));
    await run.step(`raise ${names.length} alarms`, () => setAll('ALARM'));
    const raised = await run.step('wait for their messages', () => messagesOf(run, deployment.sqs, queueUrl, names));
    const silent = names.filter((name) => raised.get(name)?.NewStateValue !== 'ALARM');
    run.holds(silent.length === 0, 'each tells its subscribers that it is raised', silent.join(', ') || undefined);
    const lost = names.filter((name) => !/docs\/runbook\.md#[\w-]+/.test(raised.get(name)?.AlarmDescription ?? ''));
    run.holds(lost.length === 0, 'and where it is written what to do', lost.join(', ') || undefined);
  },
};

/** A page holds fifty alarms, and an account more of them than this stack's. */
async function alarmsOf(client: CloudWatchClient, { alarmTopicArn }: Deployment): Promise<MetricAlarm[]> {
  const alarms: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { ActionPrefix: alarmTopicArn })) {
    alarms.push(...MetricAlarms.filter(({ AlarmActions }) => AlarmActions?.includes(alarmTopicArn) === true));
  }
  return alarms;
}

interface AlarmMessage {
  readonly AlarmName?: string;
  readonly NewStateValue?: string;
  readonly AlarmDescription?: string;
}

async function messagesOf(
  run: ScenarioRun,
  sqs: SQSClient,
  QueueUrl: string,
  names: readonly string[],
): Promise<Map<string, AlarmMessage>> {
  const raised = new Map<string, AlarmMessage>();
  await run.eventually(`messages of ${names.length} alarms`, async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '{}', ReceiptHandle } of Messages) {
      const message = JSON.parse(Body) as AlarmMessage;
      if (message.NewStateValue === 'ALARM') raised.set(message.AlarmName ?? '', message);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return names.every((name) => raised.has(name)) ? true : undefined;
  });
  return raised;
}
