import {
  CloudWatchClient,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Check } from '../scenario';
import { subscribeQueue } from '../topic-subscription';
import { readDeployment, type Deployment } from './deployment';

export const alarmProof: Check = {
  name: 'alarm',
  title: 'a message in the failures queue raises an alarm that reaches the subscribers of the topic',
  async run(run) {
    const deployment = await readDeployment(run);
    const cloudWatch = new CloudWatchClient({});
    const alarm = await run.step('find the alarm of the failures queue', () => findAlarm(cloudWatch, deployment));
    const { AlarmName: name = '' } = alarm;
    const queueUrl = await run.step('subscribe a queue to the topic', () =>
      subscribeQueue(run, deployment.sqs, deployment.alarmTopicArn),
    );
    const StateReason = `scenario ${run.runId}`;
    run.cleanUp('the state of the alarm', async () => {
      await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'OK', StateReason }));
    });
    await run.step('raise the alarm', () =>
      cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason })),
    );
    const text = await run.step('wait for its message', () =>
      run.eventually('the message of the alarm', async () => {
        const received = await deployment.sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 2 }),
        );
        return received.Messages?.find(({ Body }) => Body?.includes(name))?.Body;
      }),
    );
    const { NewStateValue: state, AlarmDescription: description } = JSON.parse(text) as Record<
      string,
      string | undefined
    >;
    run.holds(state === 'ALARM', 'subscribers are told that the alarm is raised', state);
    run.holds(description?.includes('runbook') === true, 'and where its runbook is', description);
  },
};

async function findAlarm(client: CloudWatchClient, deployment: Deployment): Promise<MetricAlarm> {
  const { alarmTopicArn, failuresQueueUrl } = deployment;
  const queueName = failuresQueueUrl.slice(failuresQueueUrl.lastIndexOf('/') + 1);
  // A page holds fifty alarms, and an account more of them than this stack's.
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { ActionPrefix: alarmTopicArn })) {
    const found = MetricAlarms.find(
      ({ AlarmActions, MetricName, Dimensions }) =>
        AlarmActions?.includes(alarmTopicArn) === true &&
        MetricName === 'ApproximateNumberOfMessagesVisible' &&
        Dimensions?.some(({ Value }) => Value === queueName) === true,
    );
    if (found !== undefined) return found;
  }
  throw new Error(`no alarm on the visible messages of ${queueName} acts on ${alarmTopicArn}: deploy the stack again`);
}
