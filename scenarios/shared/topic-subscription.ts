import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createReceivingQueue } from './receiving-queue';
import type { ScenarioRun } from './scenario';

/** Creates a queue that receives the topic's messages and is deleted at the end; returns its URL. */
export async function subscribeQueue(run: ScenarioRun, sqs: SQSClient, topicArn: string): Promise<string> {
  const sns = new SNSClient({});
  const { queueUrl, queueArn } = await createReceivingQueue(run, sqs, {
    name: `${run.runId}-alarm`,
    service: 'sns.amazonaws.com',
    sourceArn: topicArn,
  });
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    }),
  );
  run.cleanUp('the subscription to the topic', async () => {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  });
  return queueUrl;
}
